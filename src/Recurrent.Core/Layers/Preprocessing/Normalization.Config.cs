using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <content>The layer as its config says it.</content>
public sealed partial class Normalization
{
    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", axes);
        config.Add("invert", invert);
        config.Add("mean", Nested(givenMean));
        config.Add("variance", Nested(givenVariance));
        return config;
    }

    internal static Normalization Read(ConfigReader config) => new(
        config.Raw("axis") is null && !config.IsNull("axis") ? [-1] : SampleAxes.Read(config, "axis"),
        Numbers(config, "mean"),
        Numbers(config, "variance"),
        config.Bool("invert", false),
        config.Name(),
        config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    private static object? Nested(NDArray? numbers) => numbers switch
    {
        null => null,
        { Rank: 0 } => numbers.Values[0],
        { Rank: 1 } => numbers.Values,
        _ => Enumerable.Range(0, numbers.Shape[0]).Select(i => Nested(numbers[i])),
    };

    private static NDArray? Numbers(ConfigReader config, string key)
    {
        object? raw = config.Raw(key);
        if (raw is null)
        {
            return null;
        }

        var shape = new List<int>();
        for (object? level = raw; level is IReadOnlyList<object?> list; level = list.Count > 0 ? list[0] : null)
        {
            shape.Add(list.Count);
        }

        var values = new List<Real>();
        Gather(raw, 0);
        return new NDArray(shape, [.. values]);

        void Gather(object? level, int depth)
        {
            if (level is IReadOnlyList<object?> list && depth < shape.Count && list.Count == shape[depth])
            {
                foreach (object? item in list)
                {
                    Gather(item, depth + 1);
                }
            }
            else if (level is long or double && depth == shape.Count)
            {
                values.Add((Real)Convert.ToDouble(level, CultureInfo.InvariantCulture));
            }
            else
            {
                throw new ConfigException($"{config.Owner}: {key} must be a number, or numbers in lists of equal length.")
                { Option = key };
            }
        }
    }
}
