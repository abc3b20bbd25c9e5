import Platform
import Repositories

/// What is done with the entries of a plan as a walk comes by them, on one thread.
protocol PlanVisitor: AnyObject {
    /// A directory of the target, as the visitor knows it.
    associatedtype Place

    /// A directory begins. Nil when nothing in it can be visited; the visitor has told why. Only of one that `isChosen`
    /// will every name be told: of the others, what is chosen in them.
    func enter(_ item: TreeEntry, in place: Place, isChosen: Bool) throws -> Place?
    /// An entry that is no directory.
    func visit(_ item: TreeEntry, in place: Place) throws
    /// The snapshot's directory has this name, chosen or not; names come in ascending order, each before its entry is
    /// visited. Behind a damage no more names are told.
    func has(_ name: [UInt8], in place: Place) throws
    /// Everything in a directory that can be read was visited; when not `isWhole`, its list has gaps.
    func leave(_ place: Place, isWhole: Bool) throws
    /// The list of what lies in a directory cannot be read.
    func isDamaged(_ place: Place, _ error: any Error) throws
}
