using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>What the configs of several layers share.</summary>
internal static class LayerConfig
{
    /// <summary>An activation as Keras writes it: its name alone unless it has options.</summary>
    /// <param name="activation">The activation.</param>
    public static object Entry(ActivationFunction activation)
    {
        ComponentConfig component = ComponentConfig.Of(activation);
        return component.Config.Count == 0 ? component.ClassName : component;
    }

    /// <summary>The name of the layer.</summary>
    /// <param name="config">The config of a layer.</param>
    public static string? Name(this ConfigReader config) => config.OptionalString("name");

    /// <summary>Whether training changes the layer.</summary>
    /// <param name="config">The config of a layer.</param>
    public static bool Trainable(this ConfigReader config) => config.Bool("trainable", true);

    /// <summary>An activation, or null.</summary>
    /// <param name="config">The config of a layer.</param>
    /// <param name="key">The key.</param>
    public static ActivationFunction? Activation(this ConfigReader config, string key) =>
        config.OptionalComponent(key, ActivationNames.Registry);

    /// <summary>A penalty, or null.</summary>
    /// <param name="config">The config of a layer.</param>
    /// <param name="key">The key.</param>
    public static Regularizer? Regularizer(this ConfigReader config, string key) =>
        config.OptionalComponent(key, RegularizerNames.Registry);

    /// <summary>The penalty on the layer's output, or null.</summary>
    /// <param name="config">The config of a layer.</param>
    public static Regularizer? ActivityRegularizer(this ConfigReader config) => config.Regularizer("activity_regularizer");
}
