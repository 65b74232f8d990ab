using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Streaming;

namespace Recurrent.Forecasting;

/// <content>The network at work on a stream.</content>
public sealed partial class AutoencoderScorer
{
    /// <summary>How a variable is read.</summary>
    /// <param name="Mean">The mean of what is read, over the older part.</param>
    /// <param name="Deviation">Its standard deviation.</param>
    /// <param name="Wanders">Whether differences are read.</param>
    /// <param name="First">The first value known.</param>
    private readonly record struct Scale(double Mean, double Deviation, bool Wanders, double First)
    {
        /// <summary>A value as it is read; one that is missing repeats the one before.</summary>
        internal double Read(double value, ref double before)
        {
            double known = double.IsNaN(value) ? before : value;
            double read = Wanders ? known - before : known;
            before = known;
            return (read - Mean) / Deviation;
        }

        /// <summary>What was read, as a value.</summary>
        internal double Value(double read, double before) => (read * Deviation) + Mean + (Wanders ? before : 0);
    }

    /// <summary>The network at work on a stream.</summary>
    private sealed class Codec : AnomalyTracker
    {
        private readonly StreamingSession session;
        private readonly int lookback;
        private readonly Scale[] scales;

        // The last steps as they were, the newest first where told; a ring of one step a row.
        private readonly double[] recent;
        private readonly double[] before;
        private readonly Real[] input;
        private readonly Real[] output;
        private long steps;

        internal Codec(StreamingSession session, int lookback, Scale[] scales)
        {
            this.session = session;
            this.lookback = lookback;
            this.scales = scales;
            recent = new double[lookback * scales.Length];
            before = [.. scales.Select(scale => scale.First)];
            input = new Real[scales.Length];
            output = new Real[lookback * scales.Length];
            GivenBack = double.NaN;
        }

        private Codec(Codec other)
        {
            session = other.session.Fork();
            lookback = other.lookback;
            scales = other.scales;
            recent = [.. other.recent];
            before = [.. other.before];
            input = [.. other.input];
            output = [.. other.output];
            steps = other.steps;
            GivenBack = other.GivenBack;
        }

        // An autoencoder gives back; it does not foretell.
        public override double Expected => double.NaN;

        /// <summary>The newest value of the first variable, as it was given back.</summary>
        internal double GivenBack { get; private set; }

        internal Codec Fork() => new(this);

        /// <summary>All that it goes on from, but for the network.</summary>
        internal Config ToConfig() => new()
        {
            { "scales", scales.SelectMany(scale => new[] { scale.Mean, scale.Deviation, scale.Wanders ? 1 : 0, scale.First })
                .ToArray() },
            { "recent", StoredState.Pack(recent) },
            { "before", StoredState.Pack(before) },
            { "steps", steps },
            { "given_back", double.IsFinite(GivenBack) ? GivenBack : null },
            { "session", StoredState.Pack(session) },
        };

        /// <summary>One that goes on from what <see cref="ToConfig"/> gave.</summary>
        /// <exception cref="ConfigException">The data are not those of one.</exception>
        internal static Codec Read(ConfigReader state, Model network, int lookback, int variables)
        {
            double[] numbers = StoredState.Numbers(state, "scales");
            if (numbers.Length != 4 * variables
                || numbers.Where((_, i) => i % 4 == 1).Any(deviation => !(deviation > 0))
                || numbers.Where((_, i) => i % 4 == 2).Any(wanders => wanders is not (0 or 1)))
            {
                throw new ConfigException("the scales must be four numbers for each variable: mean, deviation above 0, "
                    + "whether it wanders (0 or 1), first value.")
                {
                    Option = "scales",
                };
            }

            var scales = new Scale[variables];
            for (int i = 0; i < variables; i++)
            {
                scales[i] = new(numbers[4 * i], numbers[(4 * i) + 1], numbers[(4 * i) + 2] == 1, numbers[(4 * i) + 3]);
            }

            StreamingSession session = StoredState.Session(state, "session", network);
            var codec = new Codec(session, lookback, scales);
            Fill(codec.recent, "recent");
            Fill(codec.before, "before");
            codec.steps = state.Raw("steps") is long and >= 0 and var steps && steps == session.Steps ? steps
                : throw new ConfigException("the steps must be those of the session.") { Option = "steps" };
            codec.GivenBack = state.OptionalDouble("given_back") ?? double.NaN;
            return codec;

            void Fill(double[] target, string key)
            {
                double[] stored = StoredState.Numbers(state, key);
                if (stored.Length != target.Length)
                {
                    throw new ConfigException(FormattableString.Invariant(
                        $"{key} must be {target.Length} numbers, but is {stored.Length}."))
                    {
                        Option = key,
                    };
                }

                stored.CopyTo(target, 0);
            }
        }

        public override double Step(params ReadOnlySpan<double> values)
        {
            Check(values, scales.Length);
            bool missing = false;
            int row = (int)(steps % lookback) * scales.Length;
            double last = before[0];
            for (int i = 0; i < values.Length; i++)
            {
                missing |= double.IsNaN(values[i]);
                double value = scales[i].Read(values[i], ref before[i]);
                recent[row + i] = value;
                input[i] = (Real)value;
            }

            session.Step(input, output);
            steps++;
            GivenBack = scales[0].Value((double)output[0], last);
            return missing ? double.NaN : Error();
        }

        private double Error()
        {
            int known = (int)Math.Min(lookback, steps);
            double sum = 0;
            for (int back = 0; back < known; back++)
            {
                int row = (int)((steps - 1 - back) % lookback) * scales.Length;
                for (int i = 0; i < scales.Length; i++)
                {
                    double error = recent[row + i] - (double)output[(back * scales.Length) + i];
                    sum += error * error;
                }
            }

            return Math.Sqrt(sum / (known * scales.Length));
        }
    }
}
