/// Tokens and keys made with PyJWT 2 and `cryptography`.
///
/// The claims are `iss` florin, `aud` gateway, `sub` user-1, `scope` "payment:write payment:read",
/// `iat` 1700000000, `exp` 4102444800 and `jti` fixture.
package enum PyJWT {
    package static let secret = "k7Qz2vN9xR4tB8wL1mJ6pD3sF5gH0yCa"

    /// HS256, no `kid`.
    package static let hs256 = #"""
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJnYXRld2F5Iiwic3ViIjo\#
        idXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6MTcwMDAwMDAwMCwiZXh\#
        wIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.dRFLE0BiPX7CQivjN2z8AhWB_I5t26bzsIcCNAWqSg8
        """#

    /// HS256, `kid` hs-1.
    package static let hs256Named = #"""
        eyJhbGciOiJIUzI1NiIsImtpZCI6ImhzLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJnY\#
        XRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6M\#
        TcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.NMPCgJ-9G2lI-lSyPpAYlJzcatP_k\#
        1y0zVpTGanrHjY
        """#

    /// RS256, `kid` rsa-1.
    package static let rs256 = #"""
        eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJn\#
        YXRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6\#
        MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.CHytDnb8H1Ab_qYXImSuozFNGfId\#
        tgXUnJsFOh6_HH-u6NX1A12M-QwM2o2JQmTWFf3RxTStMI0AuhEZvJUSilaNd6XkCyLNGaU9ZFoSEyXe9KRGyriR\#
        6MjrLKkVaidgHnkGXN90sxJ9s8Tc0fsMGgm7lmcgJ8NAKa6hPtosDMk6roGwrBYCMG8pLS8cpi3nw_sMhSmIWEMG\#
        uGFktHzu8MA05VrJ3A0IYfq0MBdDdu6CqxeZCDUHiAOtS2fQZ7N6cSZ5VtBKNr_KYsAI6d1JNJUDf34C5M1JlAnq\#
        DmYfKgPeAsZCRVMYScNk4OMR6BBO8fQ3A8LmQ_2exFvbxsJbHQ
        """#

    /// ES256, `kid` ec-1.
    package static let es256 = #"""
        eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJnY\#
        XRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6M\#
        TcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.glAs2GLtnz0DiHIKfGlzGbEVCHyXB\#
        VXg5WwDoEitAVv8Tv9kA4rQe2gY3UI1ypDbVL6ql_SiWJDJ8uMth3nBag
        """#

    /// EdDSA, `kid` ed-1.
    package static let edDSA = #"""
        eyJhbGciOiJFZERTQSIsImtpZCI6ImVkLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJnY\#
        XRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6M\#
        TcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.qsfc34zPGvpp273zVOKpo0oIrpcTp\#
        xM-GYcbjYZD2CMGayHXX6aYh0fnzRukXv4_OF33yUqvjnWOHDKIB2iyCA
        """#

    /// HS256, `kid` rsa-1, signed with the RSA key's public PEM as the secret.
    package static let confused = #"""
        eyJhbGciOiJIUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0.eyJpc3MiOiAiZmxvcmluIiwgImF1ZCI6\#
        ICJnYXRld2F5IiwgInN1YiI6ICJ1c2VyLTEiLCAic2NvcGUiOiAicGF5bWVudDp3cml0ZSBwYXltZW50OnJlYWQi\#
        LCAiaWF0IjogMTcwMDAwMDAwMCwgImV4cCI6IDQxMDI0NDQ4MDAsICJqdGkiOiAiZml4dHVyZSJ9.MgCw56npTDX\#
        -yro_DIHvQJNnBUt8ka2KnnYB124roIY
        """#

    /// The RSA key's modulus.
    package static let rsaModulus = #"""
        oHhwCA8rqBlUNjnl2M5NFErkdOS0oBDBTAm8dTqMI4XMJ1sUCJIy_wMjxtMjXCQbdCSjPWV_szWtipZHQQ2uVRzU\#
        klfHBPhQvPuBWCwoGMN8ZPdKPdmrmRqaXvzSPl7MmT2v936Rikpbjf4NAes9gg8aW-nNDKuPnC0msTbRy9KZ1_lF\#
        odeWx41q-5EgpAaRkJYDBzRfWJSBaW2eOR182IqL3mmIJ18DzH0vuyf3fu_wpxpdkiNXUyx7NhkrxJsl0bW3A39I\#
        kLrZ24E4u4fBGUAdXKtVAMJObpbcwZDQINAB56dGp4QYRlWE-frBjF3GnjfB8M1dCLtokmNxLmsrJw
        """#

    /// A modulus of 1024 bits.
    package static let weakModulus = #"""
        7IhjqCdOkWYjJfpTMPH_KQJz4mkyXozpy_9mVmMZMmIFhFd_Jnl-WGx-BlVddq8eD1XUNg-RjO69BABvetd3Uk_j\#
        HJo4IqExTfl5vFdXBS7JoDjNGFEvlU_ftGfoleilJDhILViOF34T3GlY_8YZC_jjMKaD_MFaBs1ZbjCJZGs
        """#

    package static let rsaKey = #"""
        {"kty":"RSA","kid":"rsa-1","use":"sig","alg":"RS256","e":"AQAB","n":"\#(rsaModulus)"}
        """#

    package static let ecKey = #"""
        {"kty":"EC","kid":"ec-1","use":"sig","crv":"P-256","alg":"ES256",
        "x":"f5--WsunKvonrnaY58vbBjRujw0Uz1GpcfJRAXUUl_s",
        "y":"SyOwtZb-xEDGpBiighGOy10VqAR2N4C_-y-Yu9GSI3g"}
        """#

    package static let edKey = #"""
        {"kty":"OKP","kid":"ed-1","use":"sig","crv":"Ed25519","alg":"EdDSA",
        "x":"J5cr7Wm0xF-dfwlhLFL943HuNigCiNU0Z7Kg7j00qak"}
        """#

    /// The three public keys as a JWKS.
    package static let jwksText = "{\"keys\":[\(rsaKey),\(ecKey),\(edKey)]}"

    /// `keys` as a JWKS.
    package static func jwks(_ keys: String...) -> [UInt8] {
        Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8)
    }
}
