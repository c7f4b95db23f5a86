import ArgumentParser
import Composition
import Console
import Domain
import Identity

/// `runtime token`: mints a token for a user, or for a service that calls another.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Mint a token signed with JWT_SECRET_KEY and print it.",
        discussion: """
            runtime token --subject alice --scope "payment:write refund:write" --ttl 1h
            runtime token --service payment --audience ledger
            """
    )

    @Option(help: "Whom a user token speaks for.")
    var subject: String?

    @Option(help: "What a user token allows, separated by spaces.")
    var scope = Scope.ofUsers.joined(separator: " ")

    @Option(help: "How long a user token lives: a number and s, m, h or d.")
    var ttl = TokenLifetime(seconds: 3_600)

    @Option(help: "The service that calls: makes a service token, good for 60 seconds.")
    var service: ServiceName?

    @Option(help: "The service to be called.")
    var audience: ServiceName?

    func validate() throws {
        let isForService = self.service != nil && self.audience != nil
        let isForNobody = self.service == nil && self.audience == nil
        guard self.subject == nil ? isForService : isForNobody else {
            throw ValidationError(
                "give --subject for a user token, or --service and --audience for a service token"
            )
        }
        if let subject, subject.isEmpty { throw ValidationError("--subject is empty") }
        if let service, let audience, service.scopes[audience] == nil {
            let callees = service.scopes.keys.map(\.rawValue).sorted().joined(separator: ", ")
            let rule = callees.isEmpty ? "no service" : "only \(callees)"
            throw ValidationError("\(service.rawValue) calls \(rule)")
        }
    }

    func run() async throws {
        try await reportingFaults {
            let credentials = try Credentials(Environment.process())
            if let subject {
                try StandardOutput.print(try self.userToken(for: subject, credentials))
            } else if let service, let audience {
                try StandardOutput.print(
                    try Self.serviceToken(of: service, for: audience, credentials)
                )
            }
        }
    }

    private func userToken(for subject: String, _ credentials: Credentials) throws -> String {
        try credentials.userTokenIssuer().token(
            for: subject,
            scopes: Scopes(self.scope),
            at: Environment.unixTime(),
            lifetime: self.ttl.seconds,
            randomBytes: Environment.randomBytes(16)
        )
    }

    private static func serviceToken(
        of caller: ServiceName,
        for callee: ServiceName,
        _ credentials: Credentials
    ) throws -> String {
        let provider = ServiceTokenProvider.make(
            for: caller,
            credentials,
            now: Environment.unixTime,
            randomBytes: Environment.randomBytes
        )
        return try provider.token(for: callee.rawValue)
    }
}

extension ServiceName: ExpressibleByArgument {}

/// A lifetime such as `90s`, `15m`, `1h` or `7d`: from one second to 365 days.
struct TokenLifetime: ExpressibleByArgument {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = argument.last, let unit = units[last],
            let count = Int64(argument.dropLast())
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, (1...365 * 86_400).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { "1h" }
}
