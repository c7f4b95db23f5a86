/// Reading of the faults.
extension ScenarioReader {
    static let faultsMax = 64

    static func faults(_ file: MappingDecoder, _ nameTable: NameTable, end: Duration) -> [FaultPlan]
    {
        let nodes = file.items("faults", max: self.faultsMax)
        let ids = self.faultIDs(file)
        var plans: [FaultPlan] = []
        for node in nodes {
            guard let fields = MappingDecoder(node, known: FaultEntry.keys, file.diagnostics)
            else {
                continue
            }
            let reader = FaultReader(fields: fields, nameTable: nameTable, ids: ids, end: end)
            guard let plan = reader.read() else { continue }
            if plans.contains(where: { $0.id == plan.id }) {
                file.diagnostics.add(fields.line(of: "id"), "the fault '\(plan.id)' is there twice")
            }
            plans.append(plan)
        }
        for plan in self.waitingForever(plans) {
            let index = ids.firstIndex(of: plan.id) ?? 0
            file.diagnostics.add(
                index < nodes.count ? nodes[index].line : file.line,
                "the fault '\(plan.id)' comes after itself"
            )
        }
        return plans
    }

    static func faultNodes(_ file: MappingDecoder) -> [SourceNode] {
        guard case .list(let nodes)? = file["faults"]?.content else { return [] }
        return nodes
    }

    /// The ids of all faults, in the order of the file; empty where an id is missing.
    static func faultIDs(_ file: MappingDecoder) -> [String] {
        self.faultNodes(file).map { node in
            guard case .map(let entries) = node.content,
                case .text(let id, _)? = entries.first(where: { $0.key == "id" })?.value.content
            else { return "" }
            return id
        }
    }

    /// Faults that wait for each other in a circle; the first of each circle.
    private static func waitingForever(_ plans: [FaultPlan]) -> [FaultPlan] {
        var seen: Set<String> = []
        return plans.filter { plan in
            var path: [String] = []
            var next: FaultPlan? = plan
            while let current = next, seen.insert(current.id).inserted {
                path.append(current.id)
                guard case .after(let id, _) = current.trigger else { return false }
                guard id != plan.id else { return true }
                next = plans.first { $0.id == id }
            }
            guard case .after(let id, _)? = next?.trigger else { return false }
            return path.contains(next?.id ?? id)
        }
    }
}
