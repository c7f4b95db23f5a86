import Identity

extension Claims {
    /// Minimal claims of `subject`.
    static func named(_ subject: String) -> Claims {
        Claims(issuer: "test", subject: subject, audience: ["test"], expiresAt: 4_000_000_000)
    }
}
