import Checkers
import DrillEngine
import Scenarios

extension Step {
    /// Pays, takes the money back and reads the payment, as a client with patience.
    static let payCanary = Step(name: "pay_canary") { world in
        let context = world.context.run
        let number = context.operations.nextCanary()
        let canary = WorkloadClient(
            canaryPlan,
            number: number,
            count: 0,
            context,
            world
        )
        let order = "order-canary-\(number)"
        let pay = Operation.Request.pay(orderID: order, amount: 100, currency: "EUR")
        let paid = await canary.perform(pay, key: order + "-pay")
        guard case .paid(let paymentID, _, _, _) = paid else { return .prevented }
        let refund = Operation.Request.refund(paymentID: paymentID, amount: nil)
        let refunded = await canary.perform(refund, key: order + "-refund")
        guard case .refunded = refunded else { return .prevented }
        let read = await canary.perform(.read(paymentID: paymentID), key: nil)
        guard case .read(let reading) = read else { return .prevented }
        return reading.remaining == 0
            ? .done : .wrong("\(paymentID) was refunded, and \(reading.remaining) remain")
    }

    private static let canaryPlan: ClientPlan = {
        var plan = ClientPlan(name: "canary")
        plan.retry.max = 8
        return plan
    }()
}
