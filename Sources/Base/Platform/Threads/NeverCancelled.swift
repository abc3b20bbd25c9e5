/// Never stops.
package struct NeverCancelled: Cancellation {
    /// Makes the value; it has no state.
    package init() {}
    package func check() throws {}
}
