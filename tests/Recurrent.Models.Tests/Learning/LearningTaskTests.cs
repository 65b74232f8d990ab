using Recurrent.Learning;

namespace Recurrent.Tests.Learning;

/// <summary>The quick ones of the learning tasks, run as the program runs them: recurrent training that is broken fails
/// them.</summary>
[TestFixture]
[Category("Slow")]
public sealed class LearningTaskTests
{
    [TestCase("parity", "LSTM")]
    [TestCase("parity", "GRU")]
    [TestCase("reber", "LSTM")]
    [TestCase("reber", "GRU")]
    [TestCase("adding50", "GRU")]
    [TestCase("tagging", "GRU")]
    [TestCase("digits", "GRU")]
    public void A_recurrent_layer_learns(string task, string cell)
    {
        Outcome outcome = Run(task, cell, TestContext.Out.WriteLine);
        Assert.That(outcome.Reached, Is.Not.Null, $"{task}, {cell}: {Outcome.Text(outcome.Scores)}");
    }

    [Test]
    public void Every_task_and_layer_has_a_name_of_its_own()
    {
        Assert.That(TaskList.All.Select(task => task.Create().Name), Is.EqualTo(TaskList.All.Select(task => task.Name)));
        Assert.That(TaskList.All.Select(task => task.Name), Is.Unique);
        Assert.That(CellKind.All.Select(kind => kind.Name), Is.Unique);
    }

    private static Outcome Run(string task, string cell, Action<string> print) =>
        TaskList.All.Single(t => t.Name == task).Create()
        .Run(CellKind.All.Single(kind => kind.Name == cell), seeds: 3, threads: Environment.ProcessorCount, print);
}
