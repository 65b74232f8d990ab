using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class SegmentGRUContract : SeveralInputsContract<SegmentGRUContract>, ISeveralInputsCases
{
    public static IEnumerable<SeveralInputsCase> Cases =>
    [
        new("of segments and samples", () => new SegmentGRU(5, 3), (4, 2), 2) { Batch = 3 },
        new("with what is known ahead", () => new SegmentGRU(3, 4), (2, 5), 5, (4, 5)),
        new("of one segment, one ahead", () => new SegmentGRU(2, 1), (1, 3), 3) { Batch = 1 },
        new("wider than a register", () => new SegmentGRU(17, 2), (2, 3), 3, (2, 3)),
    ];

    [Test]
    public void A_segment_ahead_is_a_step_of_the_GRU_from_its_last_state([Values] bool known)
    {
        const int Batch = 3;
        var layer = new SegmentGRU(6, 4) { Name = "segments" };
        Shape[] shapes = known ? [(5, 2), 2, (4, 2)] : [(5, 2), 2];
        layer.Build(shapes, seed: 3, source: null);
        SequenceBatch[] inputs = [.. shapes.Select(shape => new SequenceBatch(shape, Batch))];
        ulong index = 1;
        foreach (Real[] values in (Real[][])[.. inputs.Select(i => i.Values.Values), layer.Parameters[2].Values.ToArray()])
        {
            LayerRun.FillRandomly(values, index++);
        }

        LayerRun.FillRandomly(layer.Parameters[2].Values, 9);
        layer.Parameters[2].MarkChanged();
        layer.Prepare();
        Pass pass = layer.CreatePass(new(shapes, Batch, Differentiable: false, [.. shapes.Select(_ => false)]));
        pass.Begin(training: false, key: 0);
        var outputs = new SequenceBatch[1];
        layer.Forward(pass, inputs, outputs);

        var gru = new GRU(6, returnState: true);
        _ = gru.Call(inputs[0].ToArray());
        gru.SetWeights([.. layer.GetWeights().Take(3)]);
        RecurrentOutput read = gru.Call(inputs[0].ToArray());
        NDArray result = outputs[0].ToArray();
        ReadOnlySpan<Real> positions = layer.Parameters[3].Values;
        for (int j = 0; j < 4; j++)
        {
            var query = new NDArray([Batch, 1, 2]);
            for (int b = 0; b < Batch; b++)
            {
                for (int f = 0; f < 2; f++)
                {
                    query.Values[(b * 2) + f] = positions[(j * 2) + f] + inputs[1].Values.Values[(b * 2) + f]
                        + (known ? inputs[2].Step(j).Column(b)[f] : 0);
                }
            }

            Real[] step = gru.Call(query, read.State).Output.Values;
            for (int b = 0; b < Batch; b++)
            {
                Assert.That(result.Values.AsSpan(((b * 4) + j) * 6, 6).ToArray(),
                    Is.EqualTo(step.AsSpan(b * 6, 6).ToArray()).Within(1e-13), $"segment {j} of sample {b}");
            }
        }
    }

    [Test]
    public void Inputs_that_do_not_fit_are_told_with_what_does()
    {
        var layer = new SegmentGRU(4, 3);
        Assert.Multiple(() =>
        {
            Assert.That(() => layer.ComputeOutputShapes([(5, 2)]),
                Throws.ArgumentException.With.Message.Contains("two or three inputs"));
            Assert.That(() => layer.ComputeOutputShapes([(5, 2), 3]),
                Throws.InstanceOf<ShapeException>().With.Message.Contains("(batch, 2)"));
            Assert.That(() => layer.ComputeOutputShapes([(5, 2), 2, (2, 2)]),
                Throws.InstanceOf<ShapeException>().With.Message.Contains("(batch, 3, 2)"));
            Assert.That(() => new SegmentGRU(0, -1), Throws.ArgumentException.With.Message.Contains("steps"));
        });
    }
}
