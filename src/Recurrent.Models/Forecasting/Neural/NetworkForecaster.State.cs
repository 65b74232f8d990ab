using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Forecasting;

/// <content>What is fitted, as plain data.</content>
public abstract partial class NetworkForecaster
{
    // A file may ask for no longer windows than this.
    private const int MostSteps = 1 << 20;

    /// <inheritdoc/>
    protected internal override Config GetState()
    {
        NetworkFit own = fit!;
        NetworkSizes sizes = own.Sizes;
        return new()
        {
            {
                "sizes", new[]
                {
                    sizes.Lookback, sizes.Horizon, sizes.Targets, sizes.PastFeatures, sizes.FutureFeatures, sizes.StaticFeatures,
                    sizes.Channels, sizes.Levels, sizes.Season, (int)sizes.Scaling,
                }
            },
            { "encoding", own.Encoding.ToConfig() },
            { "spread", own.Spread.ToConfig() },
            { "dependence", own.Dependence },
            { "intervals", own.Intervals?.ToConfig() },
            {
                "series", own.Tails.Select((tail, i) => (object)new Config
                {
                    { "name", tail.Name },
                    { "scales", StoredState.Pack(PanelEncoding.Plain(own.Scales[i])) },
                    { "logs", own.Scales[i].Select(scale => scale.IsLog ? 1 : 0).ToArray() },
                    { "attributes", StoredState.Pack(Array.ConvertAll(own.Attributes[i], number => (double)number)) },
                    { "values", StoredState.Pack([.. tail.All.SelectMany(values => values)]) },
                }).ToArray()
            },
            {
                "networks", own.Networks.Select(network => (object)new Config { { "network", StoredState.Pack(network) } })
                    .ToArray()
            },
        };
    }

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        NetworkSizes sizes = ReadSizes(state);
        int targets = Roles.Targets!.Count;
        PanelEncoding encoding = state.Nested("encoding",
            reader => PanelEncoding.Read(reader, Roles.Past!.Count, Roles.Future!.Count));
        if ((state.Raw("series") as IReadOnlyList<object?>)?.Count != Series.Count)
        {
            throw new ConfigException("There must be as many series here as the file names.") { Option = "series" };
        }

        var tails = new SeriesValues[Series.Count];
        var scales = new SeriesScale[Series.Count][];
        var attributes = new Real[Series.Count][];
        int place = 0;
        state.NestedList("series", reader =>
        {
            scales[place] = WithLogs(PanelEncoding.ReadScales(reader, "scales", targets), [.. reader.Ints("logs")]);
            attributes[place] = Array.ConvertAll(StoredState.Numbers(reader, "attributes"), number => (Real)number);
            tails[place] = ReadTail(reader, targets);
            tails[place] = tails[place] with { Start = Math.Max(0, Series[place].Count - tails[place].Count) };
            CheckTail(tails[place], Series[place].Name, sizes, attributes[place]);
            return place++;
        });

        ResidualSpread spread = state.Nested("spread",
            reader => ResidualSpread.Read(reader, sizes.Horizon, targets * tails.Length));
        double dependence = state.Double("dependence");
        if (dependence is < 0 or >= 1)
        {
            throw new ConfigException("dependence must be at least 0 and below 1.") { Option = "dependence" };
        }

        if (sizes.Channels != ChannelsOf(tails.Length, targets))
        {
            throw new ConfigException("sizes must name as many channels as there are series, or variables.") { Option = "sizes" };
        }

        Model[] networks = ReadNetworks(state, sizes);
        NetworkIntervals? intervals = state.Raw("intervals") is null ? null : state.Nested("intervals",
            reader => NetworkIntervals.Read(reader, sizes.Horizon));
        fit = new(networks, sizes, encoding, scales, attributes, tails, spread, dependence, intervals);
    }

    private static SeriesScale[] WithLogs(SeriesScale[] scales, int[] logs) =>
        logs.Length == scales.Length && logs.All(log => log is 0 or 1)
            ? [.. scales.Select((scale, i) => scale with { IsLog = logs[i] == 1 })]
            : throw new ConfigException("logs must be 0 or 1 for each target.") { Option = "logs" };

    private SeriesValues ReadTail(ConfigReader reader, int targets)
    {
        int past = targets + Roles.Past!.Count;
        int all = past + Roles.Future!.Count;
        double[] values = StoredState.Numbers(reader, "values", all, allowMissing: true);
        if (values.Length % all != 0)
        {
            throw new ConfigException("values must be as many of each variable.") { Option = "values" };
        }

        int steps = values.Length / all;
        double[][] variables = [.. Enumerable.Range(0, all).Select(v => values[(v * steps)..((v + 1) * steps)])];
        return new(
            reader.OptionalString("name") ?? string.Empty, variables[..targets], variables[targets..past], variables[past..]);
    }

    private static NetworkSizes ReadSizes(ConfigReader state)
    {
        int[] numbers = [.. state.Ints("sizes")];
        bool fits = numbers.Length == 10 && numbers[..4].All(number => number is >= 1 and <= MostSteps)
            && numbers[4..6].All(number => number is >= 0 and <= MostSteps)
            && numbers[6..9].All(number => number is >= 1 and <= MostSteps)
            && Enum.IsDefined((WindowScaling)numbers[9]);
        return fits
            ? new()
            {
                Lookback = numbers[0],
                Horizon = numbers[1],
                Targets = numbers[2],
                PastFeatures = numbers[3],
                FutureFeatures = numbers[4],
                StaticFeatures = numbers[5],
                Channels = numbers[6],
                Levels = numbers[7],
                Season = numbers[8],
                Scaling = (WindowScaling)numbers[9],
                Windows = 0,
                Seed = 0,
            }
            : throw new ConfigException("sizes must be ten whole numbers in their ranges.") { Option = "sizes" };
    }

    private void CheckTail(SeriesValues tail, string name, NetworkSizes sizes, Real[] attributes)
    {
        int least = Math.Min(LeastHistory(sizes.Lookback, sizes.Season), TailOf(sizes));
        bool fits = tail.Name == name && tail.Count >= least && tail.Count <= MostSteps
            && attributes.Length == sizes.StaticFeatures
            && tail.Targets.All(values => !Array.TrueForAll(values, double.IsNaN));
        bool sized = Roles.Targets!.Count % sizes.Targets == 0 && (sizes.Targets == Roles.Targets.Count || IsPerVariable);
        if (!fits || !sized)
        {
            throw new ConfigException("The series does not fit the network.");
        }
    }

    private Model[] ReadNetworks(ConfigReader state, NetworkSizes sizes)
    {
        // The inputs' shapes follow from the sizes; what the file's networks take must be the same.
        var windows = new NetworkWindows([], [], sizes);
        IReadOnlyList<LazyArray> sources = InputsOf(windows);
        Shape[] inputs = [.. sources.Select(input => new Shape([.. input.Shape.Skip(1).Select(axis => (int?)axis)]))];
        var output = new Shape(sizes.Horizon * sizes.Targets, sizes.Levels);
        Model[] networks = state.NestedList("networks", reader =>
        {
            Model network = StoredState.Network(reader, "network");
            bool fits = network.Inputs.Count == inputs.Length && network.Outputs.Count == 1
                && network.Inputs.Zip(inputs).All(pair => pair.First.Shape.Equals(pair.Second))
                && network.Outputs[0].Shape.Equals(OutputOf(sizes) ?? output);
            if (!fits)
            {
                throw new ConfigException("The network takes or gives other shapes than the forecaster needs.");
            }

            Try(network, sources);
            return network;
        });
        return networks.Length > 0 ? networks
            : throw new ConfigException("There must be a network.") { Option = "networks" };
    }

    /// <summary>Lets a network of a file read one window, with the largest id that there will be.</summary>
    private static void Try(Model network, IReadOnlyList<LazyArray> sources)
    {
        ModelData[] window = [.. sources.Select(source =>
        {
            var one = new NDArray([1, .. source.Shape.Skip(1)]);
            one.Values.AsSpan().Fill((source as WindowSource)?.MostId ?? 0);
            return (ModelData)one!;
        })];
        try
        {
            ModelData inputs = window.Length == 1 ? window[0] : window;
            _ = network.Predict(inputs);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new ConfigException($"The network cannot read a window: {exception.Message}", exception);
        }
    }

    /// <summary>Shape of the output, where it is not (horizon · targets, levels).</summary>
    internal virtual Shape? OutputOf(NetworkSizes sizes) => null;
}
