import StrictJSON
import Testing

import struct Foundation.Data
import struct Foundation.URL

@testable import Identity

@Suite("Project Wycheproof", .enabled(if: Wycheproof.file != nil, "no ../shared/vectors here"))
struct WycheproofTests {
    @Test("the forty JWS cases have the expected results")
    func tokens() throws {
        let cases = try Wycheproof.cases("jws")
        #expect(cases.count == 40)
        for testCase in cases {
            let number = testCase["tc"]?.int64 ?? 0
            let isValid = Wycheproof.corrections[number] ?? (testCase["valid"]?.bool ?? false)
            let text = testCase["jws"]?.string ?? ""
            let key = Wycheproof.bytes(testCase["key_hex"])
            #expect(accepts(text, key) == isValid, "case \(number)")
        }
    }

    @Test("the MAC cases have the expected results")
    func tags() throws {
        let cases = try Wycheproof.cases("mac")
        #expect(!cases.isEmpty)
        for testCase in cases {
            let key = try HMACKey(Wycheproof.bytes(testCase["key_hex"]))
            let tag = try key.tag(of: Wycheproof.bytes(testCase["msg_hex"])[...])
            let bits = Int(testCase["tag_bits"]?.int64 ?? 0)
            let isSame = Array(tag.prefix(bits / 8)) == Wycheproof.bytes(testCase["tag_hex"])
            #expect(isSame == testCase["valid"]?.bool, "case \(testCase["tc"]?.int64 ?? 0)")
        }
    }

    /// Verifies a MAC; the key has the token's id, so that only the MAC decides.
    private func accepts(_ text: String, _ secret: [UInt8]) -> Bool {
        do {
            let token = try CompactToken(Array(text.utf8))
            try KeySet([.hs256(secret: secret, id: token.header.keyID)]).authenticate(token)
            _ = try token.payload()
            return true
        } catch {
            return false
        }
    }
}

enum Wycheproof {
    /// Corrections of four labels, from the README of the vectors.
    ///
    /// Two tokens are byte-identical to a valid one; two have a MAC that does not cover their text.
    static let corrections: [Int64: Bool] = [367: true, 370: true, 372: false, 373: false]

    /// The vectors, in `shared/vectors` beside one of this file's parent folders.
    static let file: [UInt8]? = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let file = folder.appendingPathComponent("shared/vectors/wycheproof-hs256.json")
            if let data = try? Data(contentsOf: file) { return Array(data) }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static func cases(_ name: String) throws -> [JSONObject] {
        let bytes = try #require(file)
        let all = try JSONReader.read(bytes, limits: JSONLimits(bytesMax: bytes.count))
        return try #require(all.object?[name]?.array).compactMap(\.object)
    }

    static func bytes(_ hex: JSONValue?) -> [UInt8] {
        let digits = Array((hex?.string ?? "").utf8)
        return stride(from: 0, to: digits.count, by: 2).map { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }
}
