using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Scores the latest steps of a series by how well an LSTM autoencoder gives them back.</summary>
/// <remarks>
/// <para>
/// The LSTM reads step after step, and a dense layer must tell the last <see cref="Lookback"/> steps from its state alone, which
/// is too small to hold them unless they are like those learned from. A variable that wanders (by the test of Kwiatkowski et
/// al., at 5 %) is read as its differences. The score is the root of the mean square error, in standard deviations of the older
/// part.
/// </para>
/// <para>
/// After Malhotra et al. (2016), with a dense decoder in place of a second LSTM, so that a step of a stream costs one step of
/// the LSTM and one product, whatever the lookback: microseconds, and nothing is allocated. The seed decides the bits, and not
/// the number of threads.
/// </para>
/// </remarks>
public sealed partial class AutoencoderScorer : AnomalyScorer
{
    private const int MostSequences = 400;
    private const int BatchSize = 16;

    // Five percent: critical values of Kwiatkowski et al. (1992), table 1.
    private const double Wandering = 0.463;
    private const double LearningRate = 0.01;

    private const int DefaultLookback = 24;
    private const int DefaultEpochs = 40;
    private const double DefaultShare = 0.6;

    // A file may ask for no longer memory than this.
    private const int MostLookback = 1 << 16;

    private readonly double share;
    private readonly int epochs;
    private readonly int seed;
    private Model? model;
    private Codec? end;

    /// <summary>Creates a scorer.</summary>
    /// <param name="lookback">How many steps are given back.</param>
    /// <param name="units">Units of the LSTM; null takes a third of the numbers to give back, at least 2.</param>
    /// <param name="epochs">Times that the older part is learned from.</param>
    /// <param name="seed">What all draws follow from.</param>
    /// <param name="share">The share of the series to learn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public AutoencoderScorer(int lookback = DefaultLookback, int? units = null, int epochs = DefaultEpochs, int seed = 0,
        double share = DefaultShare)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lookback, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(units ?? 1, 1, nameof(units));
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        Lookback = lookback;
        Units = units;
        this.epochs = epochs;
        this.seed = seed;
        this.share = share is > 0 and < 1 ? share : throw new ArgumentOutOfRangeException(
            nameof(share), share, "The share of the series to learn from lies between 0 and 1.");
    }

    /// <summary>How many steps are given back.</summary>
    public int Lookback { get; }

    /// <summary>Units of the LSTM; null for a third of the numbers to give back.</summary>
    public int? Units { get; }

    /// <inheritdoc/>
    public override string Name => "LSTM autoencoder";

    /// <inheritdoc/>
    public override string ClassName => nameof(AutoencoderScorer);

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "lookback", Lookback }, { "units", Units }, { "epochs", epochs }, { "seed", seed }, { "share", share },
    };

    /// <summary>Makes one of its config.</summary>
    internal static AutoencoderScorer Read(ConfigReader reader) => new(
        reader.Int("lookback", DefaultLookback), reader.OptionalInt("units"), reader.Int("epochs", DefaultEpochs),
        reader.Int("seed", 0), reader.Double("share", DefaultShare));

    /// <inheritdoc/>
    public override AnomalyScores Fit(TimeSeries series, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        int seen = (int)(share * series.Count);
        int length = 3 * Lookback;
        if (seen < length)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Series '{series.Name}' has {series.Count} values. A lookback of {Lookback} needs at least ")
                + FormattableString.Invariant($"{(int)Math.Ceiling(length / share)}: choose a smaller one."), nameof(series));
        }

        Scale[] scales = [.. Enumerable.Range(0, series.Variables.Count)
            .Select(variable => ScaleOf(series, variable, seen))];
        Sequential network = Network(series.Variables.Count, length);
        (NDArray x, NDArray y) = Sequences(series, scales, seen, length);
        network.Fit(x, y, epochs, BatchSize, verbose: Verbosity.Silent);
        var codec = new Codec(network.OpenSession(), Lookback, scales);
        var scores = new double[series.Count];
        var expected = new double[series.Count];
        double[] step = new double[scales.Length];
        for (int t = 0; t < series.Count; t++)
        {
            run?.Cancellation.ThrowIfCancellationRequested();
            for (int variable = 0; variable < step.Length; variable++)
            {
                step[variable] = series.Variable(variable)[t];
            }

            scores[t] = codec.Step(step);
            expected[t] = codec.GivenBack;
        }

        // The first steps are given back from a state that has hardly begun.
        scores.AsSpan(0, Lookback).Fill(double.NaN);
        (model, end) = (network, codec);
        return new(scores, expected, seen);
    }

    /// <inheritdoc/>
    public override AnomalyTracker Stream() => (end ?? throw NotFitted()).Fork();

    /// <inheritdoc/>
    protected internal override Config GetState()
    {
        Config state = (end ?? throw NotFitted()).ToConfig();
        state.Add("network", StoredState.Pack(model!));
        return state;
    }

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state, int variables)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Lookback > MostLookback)
        {
            throw new ConfigException("the lookback of a file is at most " + MostLookback + ".") { Option = "lookback" };
        }

        Model stored = StoredState.Network(state, "network");
        int told = Lookback * variables;
        if (stored.Inputs.Count != 1 || stored.Outputs.Count != 1
            || stored.Inputs[0].Shape.Rank != 2 || stored.Inputs[0].Shape.Features != variables
            || stored.Outputs[0].Shape.Rank != 2 || stored.Outputs[0].Shape.Features != told)
        {
            throw new ConfigException("the network takes or gives other shapes than the scorer needs.") { Option = "network" };
        }

        end = Codec.Read(state, stored, Lookback, variables);
        model = stored;
    }

    private static Scale ScaleOf(TimeSeries series, int variable, int seen)
    {
        ReadOnlySpan<double> values = series.Variable(variable)[..seen];
        double[] known = [.. values.ToArray().Where(double.IsFinite)];
        if (known.Length < 2)
        {
            throw new ArgumentException($"Variable '{series.Variables[variable]}' of series '{series.Name}' has no values to "
                + "learn from.", nameof(series));
        }

        bool wanders = UnitRoots.Kpss(known) > Wandering;
        double[] read = wanders ? [.. known.Skip(1).Zip(known, (value, before) => value - before)] : known;
        var scaler = new StandardScaler(read);
        return new(scaler.Mean, scaler.StandardDeviation > 0 ? scaler.StandardDeviation : 1, wanders, known[0]);
    }

    private Sequential Network(int variables, int length)
    {
        int told = Lookback * variables;
        var network = new Sequential(seed: seed);
        network.Add(new LSTM(Units ?? Math.Max(2, told / 3), returnSequences: true, inputShape: (length, variables)));
        network.Add(new Dense(told));
        network.Compile(new Adam(LearningRate, globalClipNorm: 1), "mse");
        return network;
    }

    /// <summary>
    /// Stretches of the older part, and for each step of one what is to be given back: that step first, then back.
    /// </summary>
    private (NDArray X, NDArray Y) Sequences(TimeSeries series, Scale[] scales, int seen, int length)
    {
        int stride = Math.Max(1, (seen - length) / MostSequences);
        int count = ((seen - length) / stride) + 1;
        int variables = scales.Length;
        var x = new NDArray(count, length, variables);
        var y = new NDArray(count, length, Lookback * variables);
        for (int variable = 0; variable < variables; variable++)
        {
            double[] values = Scaled(series.Variable(variable)[..seen], scales[variable]);
            for (int i = 0; i < count; i++)
            {
                for (int t = 0; t < length; t++)
                {
                    x[i, t, variable] = (Real)values[(i * stride) + t];
                    for (int back = 0; back < Lookback; back++)
                    {
                        y[i, t, (back * variables) + variable] = (Real)values[(i * stride) + Math.Max(0, t - back)];
                    }
                }
            }
        }

        return (x, y);
    }

    /// <summary>Values as the network reads them.</summary>
    private static double[] Scaled(ReadOnlySpan<double> values, Scale scale)
    {
        var scaled = new double[values.Length];
        double before = scale.First;
        for (int t = 0; t < scaled.Length; t++)
        {
            scaled[t] = scale.Read(values[t], ref before);
        }

        return scaled;
    }
}
