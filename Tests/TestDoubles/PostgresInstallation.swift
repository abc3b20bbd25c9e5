import DataSources
import Platform

/// A PostgreSQL installation of a test's own, with more extensions than the machine's.
///
/// PostgreSQL finds its files from where its programs lie: copies of the programs stand in a folder, links to all else
/// around them, and the extensions' files beside the machine's.
enum PostgresInstallation {
    /// Makes it in `folder`, with the files of `extensions`; answers where the programs lie.
    static func make(in folder: String, from binaries: PostgresBinaries, extensions: String) throws -> String {
        let script = """
            config() { "$(dirname "$1")/pg_config" "$2" 2>/dev/null || pg_config "$2"; }
            bin=$(config "$1/x" --bindir); share=$(config "$1/x" --sharedir); lib=$(config "$1/x" --pkglibdir)
            root=$bin
            while [ "${share#"$root"/}" = "$share" ]; do root=$(dirname "$root"); done
            new() { echo "$2${1#"$root"}"; }
            mkdir -p "$(new "$bin" "$2")" "$(new "$share" "$2")/extension"
            cp "$bin"/postgres "$bin"/initdb "$bin"/pg_ctl "$bin"/psql "$bin"/pg_dump "$bin"/pg_dumpall \
                "$bin"/pg_restore "$(new "$bin" "$2")"
            ln -s "$lib" "$(new "$lib" "$2")"
            for file in "$share"/*; do
                [ "$file" = "$share/extension" ] || ln -s "$file" "$(new "$share" "$2")/"
            done
            ln -s "$share"/extension/* "$(new "$share" "$2")/extension/"
            cp "$3"/* "$(new "$share" "$2")/extension/"
            new "$bin" "$2"
            """
        let outcome = try ChildProcess.run(
            ["bash", "-euc", script, "make", binaries.directory, folder, extensions],
            environment: Environment.withoutSecrets())
        guard outcome.ending.succeeded else {
            throw Failure(.failed, "no installation of PostgreSQL could be made", cause: outcome.complaint)
        }
        return String(decoding: outcome.output, as: UTF8.self).filter { $0 != "\n" }
    }
}
