package import NIOCore

/// Runs the jobs of tasks on one event loop, so that a handler and the connection it answers share
/// a thread and an uncontended actor call costs no hop.
///
/// NIO's loops offer a serial executor but no task executor, hence this one.
package final class LoopExecutor: TaskExecutor {
    package let loop: any EventLoop

    package init(_ loop: any EventLoop) { self.loop = loop }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
