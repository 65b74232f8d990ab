using FsCheck;
using FsCheck.Fluent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Models;

/// <summary>What holds for every model, on models made at random: any stack of layers, any sizes.</summary>
[TestFixture]
public sealed class RandomModelProperties
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20250101UL, 7UL);

    /// <summary>A stack of recurrent layers with something between them, described by numbers so that a failure prints what made
    /// it.</summary>
    private static readonly Arbitrary<Plan> Plans = (
        from kinds in Gen.Choose(0, 3).ListOf().Where(list => list.Count is >= 1 and <= 3)
        from units in Gen.Choose(1, 20)
        from features in Gen.Choose(1, 5)
        from steps in Gen.Choose(1, 7)
        from samples in Gen.Choose(1, 40)
        from options in Gen.Choose(0, 63)
        select new Plan(string.Concat(kinds), units, features, steps, samples, options)).ToArbitrary();

    [Test]
    public void A_model_read_from_its_JSON_has_the_same_JSON() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        string json = plan.Create(threads: 1).ToJson();
        return Sequential.FromJson(json).ToJson() == json;
    }));

    [Test]
    public void A_model_loaded_from_a_file_predicts_the_same_bits_and_trains_on_alike() =>
    Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        Sequential model = plan.Create(threads: 2);
        (NDArray x, NDArray y) = plan.Data();
        model.Fit(x, y, epochs: 2, verbose: Verbosity.Silent);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Sequential again = Sequential.Load(file);
        bool same = again.Predict(x).Values.AsSpan().SequenceEqual(model.Predict(x).Values);
        model.Fit(x, y, epochs: 1, verbose: Verbosity.Silent);
        again.Fit(x, y, epochs: 1, verbose: Verbosity.Silent);
        return same && Plan.Weights(again).SequenceEqual(Plan.Weights(model));
    }));

    [Test]
    public void Threads_and_batch_size_do_not_change_a_bit_of_a_prediction() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        (NDArray x, _) = plan.Data();
        float[] expected = plan.Create(threads: 1).Predict(x).Values;
        return plan.Create(threads: 3).Predict(x, batchSize: 5).Values.AsSpan().SequenceEqual(expected);
    }));

    [Test]
    public void Threads_do_not_change_a_bit_of_a_training_run() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        (NDArray x, NDArray y) = plan.Data();
        Sequential one = plan.Create(threads: 1);
        Sequential many = plan.Create(threads: 4);
        one.Fit(x, y, epochs: 2, batchSize: 33, verbose: Verbosity.Silent);
        many.Fit(x, y, epochs: 2, batchSize: 33, verbose: Verbosity.Silent);
        return Plan.Weights(many).SequenceEqual(Plan.Weights(one));
    }));

    [Test]
    public void The_gradient_points_downhill() => Check.One(Settings, Prop.ForAll(Plans, plan =>
    {
        // A small step against the gradient lowers the loss, unless there is no slope left.
        Sequential model = plan.Create(threads: 1);
        (NDArray x, NDArray y) = plan.Data();
        IReadOnlyList<NDArray> gradients = model.ComputeGradients(x, y);
        double squares = gradients.Sum(g => g.Values.Sum(v => (double)v * v));
        double before = model.Evaluate(x, y, batchSize: 64)["loss"];
        double step = 1e-3 / Math.Max(1, Math.Sqrt(squares));
        model.SetWeights(
            [.. model.GetWeights()
                .Zip(gradients, (w, g) => new NDArray(w.Shape, [.. w.Values.Zip(g.Values, (a, b) => (float)(a - (step * b)))]))]);
        double after = model.Evaluate(x, y, batchSize: 64)["loss"];
        return after <= before + 1e-6;
    }));

    /// <param name="Kinds">One digit a layer: SimpleRNN, LSTM, GRU, GRU with the reset gate before the product.</param>
    /// <param name="Units">Units of every layer.</param>
    /// <param name="Features">Features of a step.</param>
    /// <param name="Steps">Steps of a sample.</param>
    /// <param name="Samples">Number of samples.</param>
    /// <param name="Options">One bit an option.</param>
    private sealed record Plan(string Kinds, int Units, int Features, int Steps, int Samples, int Options)
    {
        public Sequential Create(int threads)
        {
            var model = new Sequential([new Input((Steps, Features))], seed: 5) { MaxDegreeOfParallelism = threads };
            if (Has(0))
            {
                model.Add(new Masking(0));
            }

            for (int i = 0; i < Kinds.Length; i++)
            {
                bool last = i == Kinds.Length - 1;
                model.Add(Recurrent(Kinds[i], sequences: !last || Has(1)));
                if (Has(2))
                {
                    model.Add(new Dropout(0.25));
                }
            }

            if (Has(1))
            {
                model.Add(new TimeDistributed(new Dense(2, "relu")));
                model.Add(new Flatten());
            }

            model.Add(new Dense(1, kernelRegularizer: Has(5) ? new L2() : null));
            model.Compile(Has(4) ? "rmsprop" : "adam", "mse");
            return model;
        }

        public (NDArray X, NDArray Y) Data()
        {
            var random = new SeededRandom((ulong)Options);
            var x = new NDArray(Samples, Steps, Features);
            foreach (ref float value in x.Values.AsSpan())
            {
                value = (float)random.NextNormal();
            }

            if (Has(0))
            {
                // The first step of every other sample is padding.
                for (int i = 0; i < Samples; i += 2)
                {
                    x.Values.AsSpan(i * Steps * Features, Features).Clear();
                }
            }

            return (x, new NDArray([Samples, 1], [.. Enumerable.Range(0, Samples).Select(i => MathF.Sin(i))]));
        }

        public static IEnumerable<float> Weights(Sequential model) => model.GetWeights().SelectMany(weight => weight.Values);

        private bool Has(int option) => (Options & (1 << option)) != 0;

        private RecurrentLayer Recurrent(char kind, bool sequences) => kind switch
        {
            '0' => new SimpleRNN(Units, returnSequences: sequences, goBackwards: Has(3)),
            '1' => new LSTM(Units, returnSequences: sequences, recurrentDropout: Has(3) ? 0.2 : 0),
            '2' => new GRU(Units, returnSequences: sequences, dropout: Has(3) ? 0.2 : 0),
            _ => new GRU(Units, returnSequences: sequences, resetAfter: false),
        };
    }
}
