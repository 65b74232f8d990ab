using Recurrent.Layers;
using Recurrent.Numerics;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>What dropout leaves of inputs and states: in training alone, the same entries at every step, the rest scaled
/// up.</summary>
[TestFixture]
public sealed class RecurrentDropoutTests
{
    private const int Steps = 4;
    private const int Batch = 3;
    private const int Features = 40;
    private const int Units = 40;
    private const double Rate = 0.4;

    private static IEnumerable<TestCaseData> Layers =>
    [
        new TestCaseData(new SimpleRNN(Units, dropout: Rate, recurrentDropout: Rate)).SetArgDisplayNames("SimpleRNN"),
        new TestCaseData(new LSTM(Units, dropout: Rate, recurrentDropout: Rate)).SetArgDisplayNames("LSTM"),
        new TestCaseData(new GRU(Units, dropout: Rate, recurrentDropout: Rate)).SetArgDisplayNames("GRU"),
        new TestCaseData(new GRU(Units, dropout: Rate, recurrentDropout: Rate, resetAfter: false))
            .SetArgDisplayNames("GRU, reset before"),
        new TestCaseData(new PeepholeLSTM(Units, options: new() { Dropout = Rate, RecurrentDropout = Rate }))
            .SetArgDisplayNames("PeepholeLSTM"),
        new TestCaseData(new CoupledLSTM(Units, options: new() { Dropout = Rate, RecurrentDropout = Rate }))
            .SetArgDisplayNames("CoupledLSTM"),
        new TestCaseData(new LayerNormLSTM(Units, options: new() { Dropout = Rate, RecurrentDropout = Rate }))
            .SetArgDisplayNames("LayerNormLSTM"),
        new TestCaseData(new LayerNormGRU(Units, options: new() { Dropout = Rate, RecurrentDropout = Rate }))
            .SetArgDisplayNames("LayerNormGRU"),
        new TestCaseData(new UGRNN(Units, options: new() { Dropout = Rate, RecurrentDropout = Rate }))
            .SetArgDisplayNames("UGRNN"),
        new TestCaseData(new SLSTM(Units, options: new() { Dropout = Rate, RecurrentDropout = Rate }))
            .SetArgDisplayNames("SLSTM"),
    ];

    [TestCaseSource(nameof(Layers))]
    public void In_training_entries_are_dropped_and_in_prediction_none(RecurrentLayer layer)
    {
        NDArray x = Numbers(Batch, Steps, Features);
        for (int i = 0; i < x.Size; i++)
        {
            // No zero, which would look like one that was dropped.
            x.Values[i] += (Real)0.01;
        }

        SequenceBatch input = Batches.Of(x);
        layer.Build(input.SampleShape, seed: 1);
        layer.Prepare();
        var pass = (RecurrentPass)layer.CreatePass(new(input.SampleShape, Batch, Differentiable: true, InputGradient: true));
        var cell = (GatedCellPass)pass.Cell;

        pass.Begin(training: true, key: 1);
        layer.Forward(pass, input);
        bool[] keptInputs = Kept(input.Values, cell.GivenInputs(input.Values), 0);
        bool[] keptStates = Kept(StatesBefore(cell), cell.RecurrentInputs, 1);
        Assert.That(keptInputs.Count(kept => kept), Is.EqualTo((1 - Rate) * Batch * Features).Within(20));
        Assert.That(keptStates.Count(kept => kept), Is.EqualTo((1 - Rate) * Batch * Units).Within(20));
        Assert.That(keptInputs, Is.Not.EqualTo(keptStates), "each has a mask of its own");
        for (int t = 0; t < Steps; t++)
        {
            Assert.That(cell.GivenRecurrentInput(t).Values.ToArray(), Is.EqualTo(StepOf(cell.RecurrentInputs, t)));
        }

        pass.Begin(training: true, key: 2);
        layer.Forward(pass, input);
        Assert.That(Kept(input.Values, cell.GivenInputs(input.Values), 0), Is.Not.EqualTo(keptInputs),
            "another step of training draws anew");

        pass.Begin(training: false, key: 1);
        layer.Forward(pass, input);
        Assert.That(cell.GivenInputs(input.Values).Values.ToArray(), Is.EqualTo(input.Values.Values));
        Assert.That(cell.RecurrentInputs.Values.ToArray(), Is.EqualTo(StatesBefore(cell).Values.ToArray()));
    }

    private static ColumnBlock StatesBefore(CellPass pass) => new(pass.States[0].Values, 0, Steps * Batch);

    private static Real[] StepOf(ColumnBlock block, int t) => block.Columns(t * Batch, Batch).Values.ToArray();

    /// <summary>Which entries of a step are kept: checks that it is the same ones at every step, scaled to the same
    /// mean.</summary>
    private static bool[] Kept(ColumnBlock before, ColumnBlock after, int firstStep)
    {
        bool[]? kept = null;
        for (int t = firstStep; t < Steps; t++)
        {
            Real[] whole = StepOf(before, t);
            Real[] rest = StepOf(after, t);
            bool[] here = [.. rest.Select(value => value != 0)];
            kept ??= here;
            Assert.That(here, Is.EqualTo(kept), $"step {t}");
            for (int i = 0; i < rest.Length; i++)
            {
                Assert.That(rest[i], Is.EqualTo(here[i] ? whole[i] / (1 - Rate) : 0).Within(1e-6));
            }
        }

        return kept!;
    }
}
