using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>Threads that do not start, and callers that are interrupted: no run is left while a helper is inside it.</summary>
[TestFixture]
public sealed class WorkerPoolTests
{
    [Test]
    public void A_caller_whose_threads_do_not_start_does_the_work_alone()
    {
        int asked = 0;
        var pool = new WorkerPool(_ =>
        {
            asked++;
            throw new InsufficientMemoryException("no more threads");
        });
        int[] runs = new int[40];
        HashSet<int> threads = [];
        for (int repeat = 0; repeat < 20; repeat++)
        {
            Run(pool, runs.Length, 3, i =>
            {
                runs[i]++;
                threads.Add(Environment.CurrentManagedThreadId);
            });
        }

        Assert.Multiple(() =>
        {
            Assert.That(runs, Is.All.EqualTo(20));
            Assert.That(threads, Is.EqualTo(new[] { Environment.CurrentManagedThreadId }));
            Assert.That(asked, Is.InRange(1, 10), "a limit is not run into again at every run");
        });
    }

    [Test]
    public void Threads_are_asked_for_again_later()
    {
        int asked = 0;
        var pool = new WorkerPool(thread =>
        {
            if (asked++ == 0)
            {
                throw new ThreadStateException("not now");
            }

            thread.Start();
        });
        Run(pool, 4, 1, static _ => { });
        Thread.Sleep(1100);
        using Barrier barrier = new(2);
        bool[] met = new bool[2];
        Run(pool, 2, 1, i => met[i] = barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
        Assert.That(met, Is.All.True);
    }

    [Test]
    public void A_thread_that_starts_although_its_start_failed_does_no_harm()
    {
        var pool = new WorkerPool(static thread =>
        {
            thread.Start();
            throw new InvalidOperationException("started all the same");
        });
        int[] runs = new int[8];
        for (int repeat = 0; repeat < 200; repeat++)
        {
            Run(pool, runs.Length, 4, i =>
            {
                Interlocked.Increment(ref runs[i]);
                Thread.SpinWait(200);
            });
        }

        Assert.That(runs, Is.All.EqualTo(200));
    }

    [Test]
    public void An_interrupted_caller_leaves_only_when_its_helpers_have()
    {
        for (int repeat = 0; repeat < 20; repeat++)
        {
            bool helperMayEnd = false;
            bool helperEnded = false;
            bool endedFirst = false;
            bool wasKept = false;
            using ManualResetEventSlim helperIsInside = new();
            Thread caller = new(() =>
            {
                int callerId = Environment.CurrentManagedThreadId;
                Workers.Run(2, 2, 0, (_, _) =>
                {
                    if (Environment.CurrentManagedThreadId == callerId)
                    {
                        // Not a wait that could be interrupted.
                        while (!helperIsInside.IsSet)
                        {
                            Thread.SpinWait(10);
                        }

                        return;
                    }

                    helperIsInside.Set();
                    SpinWait.SpinUntil(() => Volatile.Read(ref helperMayEnd));
                    Volatile.Write(ref helperEnded, true);
                });
                endedFirst = Volatile.Read(ref helperEnded);
                try
                {
                    Thread.Sleep(0);
                    Thread.Sleep(1);
                }
                catch (ThreadInterruptedException)
                {
                    wasKept = true;
                }
            });
            caller.Start();
            SpinWait.SpinUntil(() => helperIsInside.IsSet);
            Thread.Sleep(repeat % 3);
            caller.Interrupt();
            Thread.Sleep(2);
            Volatile.Write(ref helperMayEnd, true);
            caller.Join();
            Assert.That(endedFirst, Is.True);
            Assert.That(wasKept, Is.True, "the interrupt reaches the next wait");
        }
    }

    [Test]
    public void Interrupts_at_any_moment_lose_no_part()
    {
        const int Callers = 4;
        int wrong = 0;
        int rounds = 0;
        bool stop = false;
        Thread[] callers = [.. Enumerable.Range(0, Callers).Select(_ => new Thread(() =>
        {
            // What parts write to is used again at once, as rented buffers are.
            int[] buffer = new int[6];
            for (int round = 1; !Volatile.Read(ref stop); round++)
            {
                try
                {
                    Workers.Run(buffer.Length, 3, (buffer, round), static (job, i) =>
                    {
                        Thread.SpinWait(20 * (i + 1));
                        job.buffer[i] = job.round;
                    });
                    if (buffer.Any(value => value != round))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
                catch (ThreadInterruptedException)
                {
                    Interlocked.Increment(ref wrong);
                }

                Interlocked.Increment(ref rounds);
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        for (int i = 0; i < 400; i++)
        {
            callers[i % Callers].Interrupt();
            Thread.Sleep(i % 5 == 0 ? 1 : 0);
        }

        Volatile.Write(ref stop, true);
        Array.ForEach(callers, caller => caller.Join());
        Assert.That(wrong, Is.Zero);
        Assert.That(rounds, Is.GreaterThan(Callers));

        // And the pool still works.
        using Barrier barrier = new(3);
        bool[] met = new bool[3];
        Workers.Run(3, 3, 0, (_, i) => met[i] = barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
        Assert.That(met, Is.All.True);
    }

    [Test]
    public void A_thread_of_the_pool_outlives_an_interrupt()
    {
        for (int repeat = 0; repeat < 5; repeat++)
        {
            using Barrier barrier = new(3);
            bool[] met = new bool[3];
            Workers.Run(3, 3, 0, (_, i) => met[i] = barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
            Assert.That(met, Is.All.True);
            int caller = Environment.CurrentManagedThreadId;
            Workers.Run(12, 3, 0, (_, _) =>
            {
                if (Environment.CurrentManagedThreadId != caller)
                {
                    Thread.CurrentThread.Interrupt();
                }

                Thread.SpinWait(1000);
            });

            // Time to fall asleep, which is where an interrupt is met.
            Thread.Sleep(30);
        }
    }

    [Test]
    public void An_exception_of_a_part_waits_for_the_others()
    {
        int[] runs = new int[30];
        for (int repeat = 1; repeat <= 50; repeat++)
        {
            Assert.That(
                () => Workers.Run(runs.Length, 4, runs, static (counts, i) =>
                {
                    Thread.SpinWait(50 * (i % 4));
                    counts[i]++;
                    if (i % 7 == 3)
                    {
                        throw new InvalidOperationException($"part {i}");
                    }
                }),
                Throws.InvalidOperationException.With.Message.EqualTo("part 3"));
            Assert.That(runs, Is.All.EqualTo(repeat));
        }
    }

    private static void Run(WorkerPool pool, int count, int helpers, Action<int> job) =>
        ParallelRun<Action<int>>.Run(pool, count, helpers, job, static (action, i) => action(i));
}
