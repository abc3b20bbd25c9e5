/// `RECOVER.txt`: what a person finds who finds nothing else.
enum RecoveryLeaflet {
    /// The leaflet's text; holds no secret.
    static func text(tool: String) -> [UInt8] {
        Array(
            """
            This folder is a salvor repository: encrypted backups of files and databases.
            It was made by \(tool), in repository format 1.

            To get everything back you need
              1. this folder, whole, as it is;
              2. its password, or its recovery key (printed when the repository was made: nine groups of four);
              3. the program salvor, of this version or a later one, on a Linux machine.

            Then run, with the path of this folder in place of HERE:

              salvor snapshots -r HERE                         what there is
              salvor restore latest --target DIR -r HERE       everything of the newest snapshot into DIR
              salvor restore latest:NAME --into postgres://HOST/DB -r HERE
                                                               a database into a server
              salvor drill -r HERE                             try it all in a staging place first

            salvor asks for the password; it takes the recovery key in its place (SALVOR_RECOVERY_KEY).

            Without salvor: the format is published with it (Format.md), and a small reader in Python that was written
            from that article alone (read_repository.py) lists and restores snapshots.
            Do not change, rename or delete anything in this folder by hand.

            """.utf8)
    }
}
