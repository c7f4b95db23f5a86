/// Tokens that PyJWT 2 with `cryptography` made for `iss` florin, `aud` gateway, `sub` user-1,
/// `scope` "payment:write payment:read", `iat` 1700000000 and `exp` 4102444800, with their keys.
enum PyJWT {
    /// RS256, `kid` rsa-1.
    static let rs256 = #"""
        eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJn\#
        YXRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6\#
        MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.CHytDnb8H1Ab_qYXImSuozFNGfId\#
        tgXUnJsFOh6_HH-u6NX1A12M-QwM2o2JQmTWFf3RxTStMI0AuhEZvJUSilaNd6XkCyLNGaU9ZFoSEyXe9KRGyriR\#
        6MjrLKkVaidgHnkGXN90sxJ9s8Tc0fsMGgm7lmcgJ8NAKa6hPtosDMk6roGwrBYCMG8pLS8cpi3nw_sMhSmIWEMG\#
        uGFktHzu8MA05VrJ3A0IYfq0MBdDdu6CqxeZCDUHiAOtS2fQZ7N6cSZ5VtBKNr_KYsAI6d1JNJUDf34C5M1JlAnq\#
        DmYfKgPeAsZCRVMYScNk4OMR6BBO8fQ3A8LmQ_2exFvbxsJbHQ
        """#

    /// ES256, `kid` ec-1.
    static let es256 = #"""
        eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJnY\#
        XRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6M\#
        TcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.glAs2GLtnz0DiHIKfGlzGbEVCHyXB\#
        VXg5WwDoEitAVv8Tv9kA4rQe2gY3UI1ypDbVL6ql_SiWJDJ8uMth3nBag
        """#

    /// EdDSA, `kid` ed-1.
    static let edDSA = #"""
        eyJhbGciOiJFZERTQSIsImtpZCI6ImVkLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJmbG9yaW4iLCJhdWQiOiJnY\#
        XRld2F5Iiwic3ViIjoidXNlci0xIiwic2NvcGUiOiJwYXltZW50OndyaXRlIHBheW1lbnQ6cmVhZCIsImlhdCI6M\#
        TcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJqdGkiOiJmaXh0dXJlIn0.qsfc34zPGvpp273zVOKpo0oIrpcTp\#
        xM-GYcbjYZD2CMGayHXX6aYh0fnzRukXv4_OF33yUqvjnWOHDKIB2iyCA
        """#

    /// The RSA key's modulus.
    static let rsaModulus = #"""
        oHhwCA8rqBlUNjnl2M5NFErkdOS0oBDBTAm8dTqMI4XMJ1sUCJIy_wMjxtMjXCQbdCSjPWV_szWtipZHQQ2uVRzU\#
        klfHBPhQvPuBWCwoGMN8ZPdKPdmrmRqaXvzSPl7MmT2v936Rikpbjf4NAes9gg8aW-nNDKuPnC0msTbRy9KZ1_lF\#
        odeWx41q-5EgpAaRkJYDBzRfWJSBaW2eOR182IqL3mmIJ18DzH0vuyf3fu_wpxpdkiNXUyx7NhkrxJsl0bW3A39I\#
        kLrZ24E4u4fBGUAdXKtVAMJObpbcwZDQINAB56dGp4QYRlWE-frBjF3GnjfB8M1dCLtokmNxLmsrJw
        """#

    static let rsaKey = #"""
        {"kty":"RSA","kid":"rsa-1","use":"sig","alg":"RS256","e":"AQAB","n":"\#(rsaModulus)"}
        """#

    static let ecKey = #"""
        {"kty":"EC","kid":"ec-1","use":"sig","crv":"P-256","alg":"ES256",
        "x":"f5--WsunKvonrnaY58vbBjRujw0Uz1GpcfJRAXUUl_s",
        "y":"SyOwtZb-xEDGpBiighGOy10VqAR2N4C_-y-Yu9GSI3g"}
        """#

    static let edKey = #"""
        {"kty":"OKP","kid":"ed-1","use":"sig","crv":"Ed25519","alg":"EdDSA",
        "x":"J5cr7Wm0xF-dfwlhLFL943HuNigCiNU0Z7Kg7j00qak"}
        """#

    /// The keys as a JWKS.
    static let jwks = #"{"keys":[\#(rsaKey),\#(ecKey),\#(edKey)]}"#
}
