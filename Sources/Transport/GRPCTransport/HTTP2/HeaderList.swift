/// Header fields to send, in order, in one flat buffer.
struct HeaderList {
    struct Field {
        let nameEnd: Int
        let valueEnd: Int
    }

    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Field] = []

    init() {}

    mutating func add(_ name: String, _ value: String) {
        self.bytes.append(contentsOf: name.utf8)
        let nameEnd = self.bytes.count
        self.bytes.append(contentsOf: value.utf8)
        self.fields.append(Field(nameEnd: nameEnd, valueEnd: self.bytes.count))
    }

    mutating func add(_ name: String, ascii value: [UInt8]) {
        self.bytes.append(contentsOf: name.utf8)
        let nameEnd = self.bytes.count
        self.bytes.append(contentsOf: value)
        self.fields.append(Field(nameEnd: nameEnd, valueEnd: self.bytes.count))
    }
}
