/// Ends a listing or a dump early, when the reader of standard output has gone away: no failure.
struct NobodyReads: Error {}
