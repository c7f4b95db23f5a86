import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite("Parameters in PostgreSQL's binary format")
struct ParameterTests {
    @Test("a number is eight big-endian bytes")
    func number() {
        #expect(PostgreSQLParameter(-2).bytes == [255, 255, 255, 255, 255, 255, 255, 254])
    }

    @Test("an array has a header, and each element its length")
    func array() {
        let parameter = PostgreSQLParameter.array(["é", nil, ""])
        #expect(
            parameter.bytes == [
                0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 3, 0, 0, 0, 1,
                0, 0, 0, 2, 0xC3, 0xA9, 255, 255, 255, 255, 0, 0, 0, 0,
            ]
        )
    }

    @Test("each column has its array")
    func columns() {
        #expect(EntryRow.parameters([]).count == EntryRow.columns.count)
        #expect(EntryRow.arrays.split(separator: "$").count == EntryRow.columns.count)
    }
}
