import Console

/// Prints an error to standard error.
func complain(_ message: String) { StandardError.say("runtime: \(message)") }
