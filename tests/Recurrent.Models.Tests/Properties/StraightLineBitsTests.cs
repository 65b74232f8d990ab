using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Recurrent.Callbacks;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>
/// The bits of straight lines of layers, as they were before models could be graphs: first weights, predictions, gradients,
/// weights after training, and steps of sessions, on one thread and on three.
/// </summary>
/// <remarks>
/// After a change of arithmetic that is meant, write the digests anew: <c>RECURRENT_WRITE_DIGESTS=1 dotnet test
/// tests/Recurrent.Models.Tests --filter StraightLineBits</c> writes them beside the test assembly and says where; copy the file
/// to tests/fixtures/models. They are the same with <c>DOTNET_EnableAVX512=0</c>.
/// </remarks>
[TestFixture]
public sealed class StraightLineBitsTests
{
    private const string Variable = "RECURRENT_WRITE_DIGESTS";
    private const int Samples = 40;
    private static readonly string[] Parts = ["built", "predicted", "gradients", "trained", "states", "ragged", "looked_into"];

    private static string File => Path.Combine(AppContext.BaseDirectory, "fixtures", "models", "straight-lines.txt");

    private static IEnumerable<StraightLine> Lines => StraightLine.All;

    [TestCaseSource(nameof(Lines))]
    public void A_line_gives_the_bits_it_gave_before_there_were_graphs(object line)
    {
        RequireSameArithmetic();
        string[] expected = System.IO.File.ReadAllLines(File)
            .FirstOrDefault(text => text.Split(' ')[0] == line.ToString())?.Split(' ')
            ?? throw new InvalidOperationException($"There is no digest of '{line}'.");
        Assert.That(Digests((StraightLine)line, 1),
            Is.EqualTo(Parts.Zip(expected.Skip(1), (part, digest) => $"{part} {digest}")));
        Assert.That(Digests((StraightLine)line, 3), Is.EqualTo(Digests((StraightLine)line, 1)), "on three threads as on one");
    }

    [Test]
    public void Digests_are_written_where_that_is_asked_for()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Assert.Ignore($"Set {Variable} to write the digests anew.");
        }

        System.IO.File.WriteAllLines(File,
            Lines.Select(line => $"{line} {string.Join(' ', Digests(line, 1).Select(text => text.Split(' ')[1]))}"));
        TestContext.Out.WriteLine($"Written: {File}");
    }

    /// <summary>Digests hold for one kind of machine: multiply-add and the platform's exponential round in their own
    /// way.</summary>
    private static void RequireSameArithmetic()
    {
        if (!Fma.IsSupported || !Vector256.IsHardwareAccelerated || !OperatingSystem.IsLinux()
            || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Assert.Ignore("Digests were made on Linux x64 with AVX2 or AVX-512 and multiply-add; elsewhere products and "
                + "exponentials round otherwise.");
        }
    }

    private static List<string> Digests(StraightLine line, int threads)
    {
        NDArray x = Inputs(line);
        var random = new SeededRandom(5);
        using var bits = new Bits();
        Sequential model = line.Create(threads);
        bool stateful = model.Layers.OfType<IHasStates>().Any(layer => layer.Stateful);
        NDArray y = Filled(model.Predict(x, batchSize: Samples).Shape, random);
        model.ResetStates();

        bits.Add(model.GetWeights());
        bits.End("built");
        bits.Add(model.Predict(x, batchSize: stateful ? Samples : 7));
        bits.End("predicted");
        bits.Add(model.ComputeGradients(x, y, training: false));
        bits.Add(model.ComputeGradients(x, y, training: true));
        bits.End("gradients");
        model.ResetStates();
        bits.Add(model.Fit(x, y, epochs: 2, batchSize: stateful ? Samples : 34, validationSplit: 0, verbose: Verbosity.Silent));
        bits.Add(model.Evaluate(x, y, batchSize: Samples).Values);
        bits.Add(model.GetWeights());
        bits.Add(model.Predict(x, batchSize: Samples));
        bits.End("trained");
        AddStates(bits, model, x, y);
        bits.End("states");
        AddRagged(bits, line, threads);
        bits.End("ragged");
        AddTrace(bits, model, x, y);
        bits.End("looked_into");
        return bits.Ends;
    }

    /// <summary>States that are taken and given, sessions, and truncated training, where the layers can.</summary>
    private static void AddStates(Bits bits, Sequential model, NDArray x, NDArray y)
    {
        NDArray few = x.Slice(0, 3);
        bits.AddOr(() =>
        {
            (NDArray first, ModelState state) = model.PredictWithState(few);
            (NDArray second, state) = model.PredictWithState(few, state);
            bits.Add(first);
            bits.Add(second);
            bits.Add(state.Names.Select(name => state[name]));
        });
        bits.AddOr(() =>
        {
            StreamingSession session = model.OpenSession(3);
            int steps = few.Shape[1];
            int features = few.Size / 3 / steps;
            for (int t = 0; t < steps; t++)
            {
                bits.Add(session.Step([.. Enumerable.Range(0, 3 * features).Select(
                    i => few.Values[((((i / features) * steps) + t) * features) + (i % features)])]));
            }
        });
        bits.AddOr(() =>
        {
            model.ResetStates();
            bits.Add(model.Fit(x, y, batchSize: Samples, truncatedSteps: 3, verbose: Verbosity.Silent));
            bits.Add(model.GetWeights());
        });
    }

    /// <summary>Sequences of unequal length, where the layers take them.</summary>
    private static void AddRagged(Bits bits, StraightLine line, int threads) => bits.AddOr(() =>
    {
        Sequential model = line.Create(threads, anyLength: true);
        NDArray whole = Inputs(line);
        var random = new SeededRandom(6);
        int steps = whole.Shape[1];
        RaggedSequences x = (NDArray[])[.. Enumerable.Range(0, Samples).Select(i =>
        {
            NDArray sample = whole.Slice(i, 1);
            sample = sample.Reshape([.. sample.Shape.Skip(1)]);
            return sample.Rank == 0 ? sample : sample.Slice(0, 1 + (i * 5 % steps));
        })];
        RaggedSequences outputs = model.Predict(x);
        RaggedSequences y = (NDArray[])[.. outputs.Select(output => Filled(output.Shape, random))];
        bits.Add(outputs);
        bits.Add(model.ComputeGradients(x, y));
        bits.Add(model.Fit(x, y, epochs: 2, batchSize: 17, verbose: Verbosity.Silent));
        bits.Add(model.Evaluate(x, y).Values);
        bits.Add(model.GetWeights());
    });

    private static void AddTrace(Bits bits, Sequential model, NDArray x, NDArray y)
    {
        ModelTrace trace = model.Trace(x.Slice(0, 2));
        bits.Add(trace.Layers.SelectMany(layer => layer.Gates.Concat(layer.States).Select(value => value.Values)
            .Append(layer.Output)));
        GradientFlow flow = model.GradientFlow(x, y);
        bits.Add(flow.Layers.SelectMany(layer => layer.Norms).Append(flow.Loss));
    }

    private static NDArray Inputs(StraightLine line)
    {
        var random = new SeededRandom(4);
        NDArray x = Filled([Samples, .. line.Input.Axes.Select(axis => axis!.Value)], random);
        if (line.Ids is int count)
        {
            return new NDArray(x.Shape, [.. x.Values.Select(value => Math.Abs((int)(value * 5)) % count)]);
        }

        // Steps of zeros at both ends and in the middle of some samples, for the layers that mask them.
        for (int sample = 0; x.Rank == 3 && sample < Samples; sample += 2)
        {
            int size = x.Shape[2];
            int step = sample % x.Shape[1];
            x.Values.AsSpan(((sample * x.Shape[1]) + step) * size, size).Clear();
        }

        return x;
    }

    private static NDArray Filled(IEnumerable<int> shape, SeededRandom random)
    {
        var array = new NDArray([.. shape]);
        foreach (ref float value in array.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return array;
    }

    /// <summary>Gathers bits, and gives a digest of each part of them.</summary>
    private sealed class Bits : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public List<string> Ends { get; } = [];

        public void Add(ReadOnlySpan<float> values) => hash.AppendData(MemoryMarshal.AsBytes(values));

        public void Add(NDArray array) => Add(array.Values.AsSpan());

        public void Add(IEnumerable<NDArray> arrays) => arrays.ToList().ForEach(Add);

        public void Add(IEnumerable<double> values) => hash.AppendData(MemoryMarshal.AsBytes<double>(values.ToArray()));

        public void Add(History history) => Add(history.Metrics.Values.SelectMany(values => values));

        /// <summary>Adds what an action adds, or that the model refuses it.</summary>
        public void AddOr(Action action)
        {
            try
            {
                action();
            }
            catch (Exception exception) when (exception is NotSupportedException or ArgumentException
                or InvalidOperationException)
            {
                hash.AppendData("refused"u8);
            }
        }

        public void End(string part) =>
            Ends.Add(string.Create(CultureInfo.InvariantCulture,
                $"{part} {Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6))}"));

        public void Dispose() => hash.Dispose();
    }
}
