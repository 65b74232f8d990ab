using System.Reflection;
using System.Text.RegularExpressions;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Registration;

namespace Recurrent.Tests.Registration;

/// <summary>A property that bears the name of an option has its value, in components with many of them.</summary>
[TestFixture]
public sealed partial class OptionPropertyTests
{
    // With options that no default has, and no two of one component alike.
    private static readonly IConfigurable[] WithOptions =
    [
        new LRU(4, 3, rMin: 0.2, rMax: 0.7, maxPhase: 3, normalize: false, feedthrough: "none"),
        new RGLRU(6, blocks: 2, exponent: 5, minDecay: 0.8, maxDecay: 0.95, projectInput: true),
        new S6(4, stateSize: 5, deltaRank: 2, projectInput: false),
        new SLSTM(3, forgetGate: "exponential"),
        new MLSTM(6, numHeads: 3, keyDim: 2, forgetGate: "exponential"),
        new MinimalGRU(3, variant: "mgu2"),
        new PeepholeLSTM(3, fullPeepholes: true, outputSeesPreviousCell: true),
        new ProjectedLSTM(4, 3),
        new JordanRNN(4, 3, outputFirst: true),
        new LayerNormGRU(3, epsilon: 0.25),
        new ConvLSTM1D(4, 3, padding: "same", dilationRate: 2, returnSequences: true, dataFormat: "channels_first"),
        new ConvLSTM1D(4, 3, strides: 2),
        new Conv1D(4, 3, padding: "same", dataFormat: "channels_first", dilationRate: 2, groups: 2, useBias: false),
        new Conv1DTranspose(4, 3, strides: 5, outputPadding: 2),
        new DepthwiseConv1D(3, strides: 2, depthMultiplier: 4),
        new SeparableConv1D(4, 3, strides: 2, depthMultiplier: 5),
        new MultiHeadAttention(numHeads: 2, keyDim: 3, valueDim: 5, outputShape: 7, slidingWindow: 4),
        new GroupedQueryAttention(headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2, slidingWindow: 5),
        new TextVectorization(maxTokens: 9, standardize: "lower", split: "character", vocabulary: ["a", "b"], ragged: true),
        new TextVectorization(outputSequenceLength: 4, vocabulary: ["a"]),
        new PiecewiseConstantDecay([10, 20], [0.3, 0.2, 0.1]),
        new AUC(numThresholds: 7, multiLabel: true, numLabels: 2, labelWeights: [0.25, 0.75]),
    ];

    private static readonly Type[] Plain =
        [typeof(int), typeof(long), typeof(float), typeof(double), typeof(bool), typeof(string)];

    [TestCaseSource(nameof(WithOptions))]
    public void A_property_named_like_an_option_has_its_value(IConfigurable component) =>
        Assert.That(Checked(component), Is.Not.Empty, "no property was compared");

    [Test]
    public void What_a_config_cannot_tell_alone()
    {
        var layer = new MLSTM(6, numHeads: 3, forgetBias: (2, 5), options: new() { UseBias = true, Dropout = 0.25 });
        Assert.Multiple(() =>
        {
            Assert.That(layer.ForgetBias, Is.EqualTo((2.0, 5.0)));
            Assert.That((layer.Options.Dropout, layer.Options.UseBias), Is.EqualTo((0.25, true)));
            Assert.That(((LossMetric)new Huber(0.5)).Loss, Is.TypeOf<Huber>());
            Assert.That(new Quantile([0.1, 0.9]).Quantiles, Is.EqualTo(new[] { 0.1, 0.9 }));
        });
    }

    /// <summary>The names of the options whose properties were compared.</summary>
    private static List<string> Checked(IConfigurable component)
    {
        var config = ComponentConfig.Of(component).Config.ToDictionary(entry => entry.Key, entry => entry.Value);
        List<string> names = [];
        foreach (PropertyInfo property in component.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string key = Boundary().Replace(property.Name, "_").ToLowerInvariant();
            if (!IsPlain(property.PropertyType) || !config.TryGetValue(key, out object? value) || value is ComponentConfig
                || key == "vocabulary_size") // How many there are, and no option.
            {
                continue;
            }

            // One axis of steps is a number here, and a list of one in Keras's configs.
            object? expected = value is IReadOnlyList<object?> { Count: 1 } axes && !IsList(property.PropertyType)
                ? axes[0] : value;
            var own = new Config { { key, property.GetValue(component) } };
            Assert.That(
                ConfigText.Describe(own.Single().Value), Is.EqualTo(ConfigText.Describe(expected)),
                $"{component.GetType().Name}.{property.Name}");
            names.Add(key);
        }

        return names;
    }

    private static bool IsPlain(Type type) => IsList(type) || Plain.Contains(Nullable.GetUnderlyingType(type) ?? type);

    private static bool IsList(Type type) => type == typeof(IReadOnlyList<double>) || type == typeof(IReadOnlyList<int>);

    // KeyDim is key_dim, Beta1 is beta_1, RMin is r_min.
    [GeneratedRegex("(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex Boundary();
}
