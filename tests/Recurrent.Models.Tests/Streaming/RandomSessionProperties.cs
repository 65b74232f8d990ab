using FsCheck;
using FsCheck.Fluent;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>What holds for every session, on models made at random: any layers that stream, any sizes, cut anywhere.</summary>
[TestFixture]
public sealed class RandomSessionProperties
{
    private const int Kinds = 14;

    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261126UL, 9UL);

    private static readonly Arbitrary<Plan> Plans = (
        from kinds in Gen.Choose(0, Kinds - 1).ListOf().Where(list => list.Count is >= 1 and <= 5)
        from steps in Gen.Choose(1, 40)
        from cut in Gen.Choose(0, 40)
        from sequences in Gen.Choose(1, 4)
        from options in Gen.Choose(0, 31)
        select new Plan([.. kinds], steps, Math.Min(cut, steps), sequences, options)).ToArbitrary();

    [Test]
    public void Steps_give_the_bits_of_whole_sequences_wherever_they_are_cut() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        Model model = plan.Create();
        NDArray x = GivenOnceTests.Random(plan.Options, plan.Sequences, plan.Steps, Plan.Features);
        NDArray memory = GivenOnceTests.Random(77, plan.Sequences, 5, Plan.Features);
        ModelData? start = plan.Has(1) ? new ModelData { ["memory"] = memory } : null;
        NDArray whole = plan.Has(1) ? model.Predict([x, memory]) : model.Predict(x);
        StreamingSession session = model.OpenSession(plan.Sequences, start, capacity: plan.Has(2) ? plan.Steps : 0);
        Require(0, plan.Cut, session);

        // From here on by a copy, by a file, by a value, and all steps at once.
        using var file = new MemoryStream();
        session.Save(file);
        file.Position = 0;
        Require(plan.Cut, plan.Steps, session.Fork());
        Require(plan.Cut, plan.Steps, plan.Create().ResumeSession(file));
        Require(plan.Cut, plan.Steps, model.OpenSession(session.State));
        if (plan.Cut < plan.Steps)
        {
            NDArray y = session.Run(Part(x, plan.Cut));
            for (int t = plan.Cut; t < plan.Steps; t++)
            {
                Assert.That(Streams.StepOf(y, t - plan.Cut).Values, Is.EqualTo(Streams.StepOf(whole, t).Values), $"at once, {t}");
            }
        }

        return true;

        void Require(int from, int to, StreamingSession own)
        {
            for (int t = from; t < to; t++)
            {
                NDArray y = own.Step(Streams.StepOf(x, t));
                Assert.That(y.Values, Is.EqualTo(Streams.StepOf(whole, t).Values), $"step {t}");
            }
        }
    }));

    private static NDArray Part(NDArray x, int from)
    {
        (int sequences, int steps, int features) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        var part = new NDArray(sequences, steps - from, features);
        for (int b = 0; b < sequences; b++)
        {
            x.Values.AsSpan(((b * steps) + from) * features, (steps - from) * features)
                .CopyTo(part.Values.AsSpan(b * (steps - from) * features));
        }

        return part;
    }

    /// <param name="Layers">A kind of layer each.</param>
    /// <param name="Steps">Steps of the sequences.</param>
    /// <param name="Cut">Where they are cut.</param>
    /// <param name="Sequences">Number of sequences.</param>
    /// <param name="Options">One bit an option.</param>
    private sealed record Plan(int[] Layers, int Steps, int Cut, int Sequences, int Options)
    {
        public const int Features = 4;

        public bool Has(int option) => (Options >> option & 1) != 0;

        public override string ToString() => $"[{string.Join(", ", Layers)}] {Steps} steps, cut at {Cut}, {Sequences}, {Options}";

        public Model Create()
        {
            var x = new Input(new Shape(null, Features), name: "x");
            var memory = new Input(new Shape(null, Features), name: "memory");
            Symbol h = Has(0) ? new Masking().Call(x) : x;
            for (int i = 0; i < Layers.Length; i++)
            {
                h = Use(Layers[i], h);
            }

            if (Has(1))
            {
                Symbol e = new Bidirectional(new GRU(2, returnSequences: true)).Call(memory);
                h = new TransformerDecoder(Features, 2, 5, normalizeFirst: Has(3)).Call(h, e);
            }

            Symbol y = new Dense(3).Call(h);
            return Streams.Randomize(Has(1) ? new([x, memory], y) : new Model(x, y));
        }

        private Symbol Use(int kind, Symbol h) => kind switch
        {
            0 => new LSTM(Features, returnSequences: true).Call(h),
            1 => new GRU(Features, returnSequences: true, resetAfter: Has(4)).Call(h),
            2 => new SelfAttention(3, useCausalMask: true).Call(h),
            3 => new MultiHeadAttention(2, 3, useCausalMask: true, useGate: Has(3)).Call(h, h),
            4 => new GroupedQueryAttention(2, 4, 2, useCausalMask: true).Call(h, h),
            5 => new Attention(useCausalMask: true).Call(h, h),
            6 => new AdditiveAttention(useCausalMask: true).Call(h, h),
            7 => new MultiHeadAttention(1, 4, slidingWindow: 1 + (Options % 7), useCausalMask: true).Call(h, h),
            8 => new PositionalEncoding().Call(h),
            9 => new RotaryEmbedding().Call(h),
            10 => new PositionalEmbedding(40).Call(h),
            11 => new Conv1D(Features, 3, padding: "causal", dilationRate: 1 + (Options % 3)).Call(h),
            12 => new Dilated(new GRU(Features, returnSequences: true), 1 + (Options % 5)).Call(h),
            _ => new Residual(new LayerNormalization()).Call(h),
        };
    }
}
