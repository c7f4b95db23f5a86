/// Waits forever.
func never() async {
    let (stream, feed) = AsyncStream<Void>.makeStream()
    for await _ in stream {}
    feed.finish()
}
