using FsCheck;
using FsCheck.Fluent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>What holds for every graph, on graphs made at random: branches, layers used several times, several inputs and
/// outputs.</summary>
[TestFixture]
public sealed class RandomGraphProperties
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20250202UL, 9UL);

    private static readonly Arbitrary<Plan> Plans = (
        from moves in Gen.Choose(0, 999).ListOf().Where(list => list.Count is >= 1 and <= 8)
        from samples in Gen.Choose(1, 40)
        from seed in Gen.Choose(0, 9)
        select new Plan([.. moves], samples, seed)).ToArbitrary();

    [Test]
    public void Threads_do_not_change_a_bit() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        float[][] results = [.. new[] { 1, 2, 8 }.Select(threads =>
        {
            Model model = plan.Create();
            model.MaxDegreeOfParallelism = threads;
            plan.Train(model);
            return (float[])[.. FunctionalModelTests.Bits(model), .. model.PredictAll(plan.Inputs())
                .SelectMany(output => output.Values)];
        })];
        return results[1].AsSpan().SequenceEqual(results[0]) && results[2].AsSpan().SequenceEqual(results[0]);
    }));

    [Test]
    public void A_model_around_the_model_trains_alike() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        Model model = plan.Create();
        Model inside = plan.Create();
        Symbols inputs = [.. inside.Inputs.Select(input => new Input(input.Shape).Output)];
        var around = new Model(inputs, inside.Call(inputs), seed: plan.Seed);
        plan.Train(model);
        plan.Train(around);
        return FunctionalModelTests.Bits(around).AsSpan().SequenceEqual(FunctionalModelTests.Bits(model));
    }));

    [Test]
    public void The_gradient_points_downhill() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        Model model = plan.Create();
        model.Compile("sgd", "mse");
        IReadOnlyList<NDArray> gradients = model.ComputeGradients(plan.Inputs(), plan.Targets(model));
        double squares = gradients.Sum(g => g.Values.Sum(v => (double)v * v));
        double before = model.Evaluate(plan.Inputs(), plan.Targets(model), batchSize: 64)["loss"];
        double step = 1e-3 / Math.Max(1, Math.Sqrt(squares));
        model.SetWeights(
            [.. model.GetWeights()
                .Zip(gradients, (w, g) => new NDArray(w.Shape, [.. w.Values.Zip(g.Values, (a, b) => (float)(a - (step * b)))]))]);
        double after = model.Evaluate(plan.Inputs(), plan.Targets(model), batchSize: 64)["loss"];
        return after <= before + (1e-6 * before);
    }));

    /// <summary>A graph, described by numbers so that a failure prints what made it.</summary>
    private sealed record Plan(int[] Moves, int Samples, int Seed)
    {
        private const int Size = 4;

        public Model Create()
        {
            Input x = new((5, 3)), v = new(Size);
            var sequences = new List<Symbol> { new Dense(Size, "tanh").Call(x) };
            var vectors = new List<Symbol> { v };
            var shared = new GRU(Size, returnSequences: true, dropout: 0.1);
            foreach (int move in Moves)
            {
                Symbol s = sequences[move / 10 % sequences.Count];
                Symbol t = sequences[move / 100 % sequences.Count];
                Symbol u = vectors[move / 10 % vectors.Count];
                switch (move % 8)
                {
                    case 0:
                        sequences.Add(new Add().Call(s, t));
                        break;
                    case 1:
                        sequences.Add(shared.Call(s));
                        break;
                    case 2:
                        var (_, h, c) = new LSTM(Size, returnState: true).Call(s);
                        sequences.Add(new LSTM(Size, returnSequences: true).Call(t, initialState: [h, c]));
                        vectors.Add(h);
                        break;
                    case 3:
                        vectors.Add(new GRU(Size).Call(s));
                        break;
                    case 4:
                        sequences.Add(new Multiply().Call(s, u));
                        break;
                    case 5:
                        sequences.Add(new Dense(Size, "tanh").Call(new Concatenate().Call(s, t)));
                        break;
                    case 6:
                        vectors.Add(new Dense(Size, "tanh").Call(new Dot(axes: (2, 1)).Call(s, u)));
                        break;
                    default:
                        vectors.Add(new Maximum().Call(u, new Dropout(0.2).Call(vectors[^1])));
                        break;
                }
            }

            return new([x, v], [new Dense(2).Call(sequences[^1]), new Dense(1).Call(vectors[^1])], seed: Seed);
        }

        public ModelData Inputs() =>
            (NDArray[])[FunctionalModelTests.Random(1, Samples, 5, 3), FunctionalModelTests.Random(2, Samples, Size)];

        public ModelData Targets(Model model) =>
            (NDArray[])[
                .. model.Outputs.Select((output, i) =>
                    FunctionalModelTests.Random((ulong)i + 3, [Samples, .. output.Shape.Axes.Select(axis => axis!.Value)]))];

        public void Train(Model model)
        {
            model.Compile("adam", "mse");
            model.Fit(Inputs(), Targets(model), epochs: 2, batchSize: 33, verbose: Verbosity.Silent);
        }

        public override string ToString() => $"[{string.Join(", ", Moves)}], {Samples} samples, seed {Seed}";
    }
}
