using Newtonsoft.Json;
using Recurrent.Layers;
using Recurrent.Metrics;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Writes a model without its weights, as <c>keras.Model.to_json</c> does.</summary>
internal sealed class ArchitectureWriter(JsonWriter json)
{
    private readonly ComponentWriter components = new(json);

    public void Write(Architecture model)
    {
        int? batchSize = model.Input?.BatchSize;
        bool built = model.InputShape is not null && model.Layers.Count > 0;
        components.Begin("keras", "Sequential");
        json.WriteStartObject();
        Property("name", model.Name);
        Property("trainable", true);
        components.Policy();
        json.WritePropertyName("layers");
        json.WriteStartArray();
        WriteInput(model);
        foreach (Layer layer in model.Layers)
        {
            components.Layer(layer, batchSize);
        }

        json.WriteEndArray();
        if (built)
        {
            components.Shape("build_input_shape", batchSize, model.InputShape!);
        }

        json.WriteEndObject();
        Property("registered_name", null);
        if (built)
        {
            components.BuildConfig(batchSize, model.InputShape!);
        }

        json.WritePropertyName("compile_config");
        WriteCompile(model.Compile);
        json.WriteEndObject();
    }

    private void WriteInput(Architecture model)
    {
        if (model.InputShape is not { } shape)
        {
            return;
        }

        // Keras makes the input layer itself where the first layer told the shape.
        Input input = model.Input ?? new Input(shape, dtype: ComponentWriter.RealName);
        Config config = [];
        foreach ((string key, object? value) in input.GetConfig())
        {
            config.Add(key, key == "name" ? value ?? "input_layer" : value);
        }

        components.Component(Kinds.Layers, new(input.ClassName, config));
    }

    private void WriteCompile(CompileSettings? settings)
    {
        json.WriteStartObject();
        if (settings is not null)
        {
            json.WritePropertyName("optimizer");
            components.Component(Kinds.Optimizers, ComponentConfig.Of(settings.Optimizer));
            json.WritePropertyName("loss");
            components.Component(Kinds.Losses, ComponentConfig.Of(settings.Loss));
            Property("loss_weights", null);
            WriteMetrics("metrics", settings.Metrics);
            WriteMetrics("weighted_metrics", settings.WeightedMetrics);
            Property("run_eagerly", false);
            Property("steps_per_execution", 1L);
            Property("jit_compile", false);
        }

        json.WriteEndObject();
    }

    private void WriteMetrics(string key, IReadOnlyList<Metric> metrics)
    {
        json.WritePropertyName(key);
        if (metrics.Count == 0)
        {
            json.WriteNull();
            return;
        }

        json.WriteStartArray();
        foreach (Metric metric in metrics)
        {
            if (Kinds.IsNameAlone(metric))
            {
                json.WriteValue(metric.Name);
            }
            else
            {
                components.Component(Kinds.Metrics, ComponentConfig.Of(metric));
            }
        }

        json.WriteEndArray();
    }

    private void Property(string key, object? value)
    {
        json.WritePropertyName(key);
        json.WriteValue(value);
    }
}
