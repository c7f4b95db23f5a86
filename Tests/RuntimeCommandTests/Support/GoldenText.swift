/// The expected help texts of `runtime`.
enum GoldenText {
    static let help = #"""
        OVERVIEW: Florin, a payments backbone: gateway, payment, refund and ledger
        services.

        Try it: runtime --dev
        Variables: JWT_SECRET_KEY, JWT_ALGORITHM, JWT_ISSUER, JWT_AUDIENCE,
        SERVICE_PORT, GATEWAY_PORT, PAYMENT_SERVICE_HOST, PAYMENT_SERVICE_PORT and the
        like; docs/CONFIGURATION.md has them all.

        USAGE: runtime <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.

        SUBCOMMANDS:
          serve (default)         Run one service, or all of them (the default command).
          token                   Mint a token signed with JWT_SECRET_KEY and print it.
          health                  Ask a service for its health; exit 0 only when it is
                                  SERVING.
          ledger                  Look into the ledger's books: verify, list, export,
                                  reconcile, back up.
          relay                   Hand TCP connections on: each to one address of a
                                  service.

          See 'runtime help <subcommand>' for detailed help.

        """#

    static let serve = #"""
        OVERVIEW: Run one service, or all of them (the default command).

        USAGE: runtime serve [--transport <transport>] [--service <service>] [--data <data>] [--dev]

        OPTIONS:
          --transport <transport> How services reach one another: over gRPC, or inside
                                  this process. (values: grpc, memory; default: grpc)
          --service <service>     The service that this process runs. (values: payment,
                                  ledger, refund, gateway, all)
          --data <data>           The folder of the ledger's books, made if it is not
                                  there; 'temporary': forget them at the end.
          --dev                   Try it out: a random secret if none is set, loopback
                                  only, and a token and a curl to paste.
          --version               Show the version.
          -h, --help              Show help information.


        """#

    static let token = #"""
        OVERVIEW: Mint a token signed with JWT_SECRET_KEY and print it.

        runtime token --subject alice --scope "payment:write refund:write" --ttl 1h
        runtime token --service payment --audience ledger

        USAGE: runtime token [--subject <subject>] [--scope <scope>] [--ttl <ttl>] [--service <service>] [--audience <audience>]

        OPTIONS:
          --subject <subject>     Whom a user token speaks for.
          --scope <scope>         What a user token allows, separated by spaces.
                                  (default: payment:write payment:read refund:write)
          --ttl <ttl>             How long a user token lives: a number and s, m, h or
                                  d. (default: 1h)
          --service <service>     The service that calls: makes a service token, good
                                  for 60 seconds. (values: ledger, payment, refund,
                                  gateway)
          --audience <audience>   The service to be called. (values: ledger, payment,
                                  refund, gateway)
          --version               Show the version.
          -h, --help              Show help information.


        """#

    static let health = #"""
        OVERVIEW: Ask a service for its health; exit 0 only when it is SERVING.

        USAGE: runtime health [--target <target>] [--url <url>] [--service <service>] [--timeout <timeout>]

        OPTIONS:
          --target <target>       host:port of a gRPC port.
          --url <url>             Instead of --target: a /health over HTTP, such as
                                  http://127.0.0.1:8000/health.
          --service <service>     A service such as ledger.LedgerService; left out: the
                                  whole server.
          --timeout <timeout>     Seconds to wait for the answer. (default: 3)
          --version               Show the version.
          -h, --help              Show help information.


        """#
}
