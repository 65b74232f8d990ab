using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

[TestFixture]
public sealed class WorkersTests
{
    [Test]
    public void Every_part_runs_once([Values(0, 1, 2, 7, 1000)] int count, [Values(1, 2, 3, 8, int.MaxValue)] int degree)
    {
        int[] runs = new int[count];
        for (int repeat = 0; repeat < 50; repeat++)
        {
            Workers.Run(count, degree, runs, static (counts, index) => Interlocked.Increment(ref counts[index]));
        }

        Assert.That(runs, Is.All.EqualTo(50));
    }

    [Test]
    public void No_more_threads_than_asked_for_take_part()
    {
        HashSet<int> seen = [];
        Workers.Run(64, 3, seen, static (threads, _) =>
        {
            lock (threads)
            {
                threads.Add(Environment.CurrentManagedThreadId);
            }

            Thread.Sleep(1);
        });
        Assert.That(seen, Has.Count.InRange(1, 3));
    }

    [Test]
    public void Several_threads_take_part()
    {
        // Each part waits for the other: one thread alone would never finish.
        using Barrier barrier = new(3);
        Workers.Run(3, 3, barrier, static (both, _) => Assert.That(both.SignalAndWait(TimeSpan.FromSeconds(30)), Is.True));
    }

    [Test]
    public void Runs_inside_a_run_find_threads_too()
    {
        using Barrier barrier = new(6);
        Workers.Run(2, 2, barrier, static (all, _) => Workers.Run(3, 3, all, static (each, _) =>
            Assert.That(each.SignalAndWait(TimeSpan.FromSeconds(30)), Is.True)));
    }

    [Test]
    public void The_failure_of_the_first_part_by_index_comes_back_and_all_parts_run([Values(1, 4)] int degree)
    {
        int[] runs = new int[20];
        InvalidOperationException? failure =
            Assert.Throws<InvalidOperationException>(() => Workers.Run(20, degree, runs, static (counts, index) =>
        {
            Interlocked.Increment(ref counts[index]);
            if (index >= 5)
            {
                FailWith(index);
            }
        }));
        Assert.That(failure!.Message, Is.EqualTo("part 5"));
        Assert.That(failure.StackTrace, Does.Contain(nameof(FailWith)));
        Assert.That(runs, Is.All.EqualTo(1));
    }

    [Test]
    public void Parts_may_start_runs_of_their_own()
    {
        int total = 0;
        Workers.Run(5, 4, 0,
            (_, _) => Workers.Run(7, 4, 0, (_, _) => Workers.Run(3, 2, 0, (_, _) => Interlocked.Increment(ref total))));
        Assert.That(total, Is.EqualTo(5 * 7 * 3));
    }

    [Test]
    public void Several_callers_at_once_do_not_disturb_one_another()
    {
        int[] totals = new int[4];
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(caller => new Thread(() =>
        {
            for (int repeat = 0; repeat < 500; repeat++)
            {
                Workers.Run(6, 3, caller, (me, _) => Interlocked.Increment(ref totals[me]));
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.That(totals, Is.All.EqualTo(3000));
    }

    [Test]
    public void A_sleeping_pool_wakes_up()
    {
        int total = 0;
        for (int repeat = 0; repeat < 5; repeat++)
        {
            Thread.Sleep(20);
            Workers.Run(8, 4, 0, (_, _) => Interlocked.Increment(ref total));
        }

        Assert.That(total, Is.EqualTo(40));
    }

    [Test]
    public void Nonsense_is_refused() =>
        Assert.Multiple(() =>
        {
            Assert.That(() => Workers.Run(-1, 1, 0, static (_, _) => { }), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Workers.Run(1, 0, 0, static (_, _) => { }), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Workers.Run(1, 1, 0, null!), Throws.ArgumentNullException);
        });

    private static void FailWith(int index) => throw new InvalidOperationException($"part {index}");
}
