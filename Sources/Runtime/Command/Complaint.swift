import Console

/// Says on standard error what went wrong.
func complain(_ message: String) { StandardError.say("runtime: \(message)") }
