using Recurrent.Mpi;

namespace Recurrent.Tests.Mpi;

/// <summary>How ranks share the cores of their machines.</summary>
[TestFixture]
public sealed class ThreadShareTests
{
    [TestCase(16, 4, "a 0-15", "a 0-15", "a 0-15", "a 0-15", TestName = "Unbound ranks share all cores")]
    [TestCase(4, 4, "a 0-3", "a 4-7", "a 8-11", "a 12-15", TestName = "A rank that is bound has its cores for itself")]
    [TestCase(1, 1, "a 0", "a 1", TestName = "A core each, as mpirun binds two ranks")]
    [TestCase(8, 4, "a 0-7", "a 0-7", "b 0-7", TestName = "Ranks of other machines do not count")]
    [TestCase(6, 3, "a 0-5", "a 3-8,20", "a 0-2", TestName = "Where several overlap, a core counts in part")]
    [TestCase(2, 1, "a 0-15", "a 0-15", TestName = "A limit of the container is shared too")]
    [TestCase(8, 4, "a", "a", TestName = "Where nobody knows, all cores are shared")]
    [TestCase(2, 1, "a 0-1", "a 0-1", "a 0-1", TestName = "One thread at least")]
    public void A_rank_uses(int processors, int threads, params string[] ranks) =>
        Assert.That(ThreadShare.Of(ranks, 0, processors), Is.EqualTo(threads));
}
