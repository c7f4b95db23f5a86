package import NIOCore

/// Runs tasks on one event loop.
///
/// A handler and its connection share a thread, so that an uncontended actor call needs no hop.
/// NIO's loops offer a serial executor but no task executor.
package final class LoopExecutor: TaskExecutor {
    package let loop: any EventLoop

    package init(_ loop: any EventLoop) { self.loop = loop }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
