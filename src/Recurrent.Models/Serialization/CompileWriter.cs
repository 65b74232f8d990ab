using Newtonsoft.Json;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Writes what a model is compiled for, as Keras's <c>compile_config</c>.</summary>
internal sealed class CompileWriter(JsonWriter json, ComponentWriter components)
{
    /// <summary>Writes the object; an empty one where there is nothing to say.</summary>
    public void Write(CompileSettings? settings)
    {
        json.WriteStartObject();
        if (settings is not null)
        {
            json.WritePropertyName("optimizer");
            components.Component(Kinds.Optimizers, ComponentConfig.Of(settings.Optimizer));
            Spread("loss", settings.Loss, WriteLoss);
            Spread("loss_weights", settings.LossWeights, weight => json.WriteValue(weight));
            Spread("metrics", settings.Metrics, WriteMetrics);
            Spread("weighted_metrics", settings.WeightedMetrics, WriteMetrics);
            Property("run_eagerly", false);
            Property("steps_per_execution", 1L);
            Property("jit_compile", false);
        }

        json.WriteEndObject();
    }

    private void Spread<T>(string key, PerOutput<T>? things, Action<T> write)
    {
        json.WritePropertyName(key);
        if (things is null)
        {
            json.WriteNull();
        }
        else if (things.IsOne)
        {
            write(things.Items[0]);
        }
        else
        {
            json.WriteStartArray();
            foreach (T thing in things.Items)
            {
                write(thing);
            }

            json.WriteEndArray();
        }
    }

    private void WriteLoss(LossChoice? loss)
    {
        if (loss is null)
        {
            json.WriteNull();
        }
        else
        {
            components.Component(Kinds.Losses, ComponentConfig.Of(loss));
        }
    }

    private void WriteMetrics(IReadOnlyList<MetricChoice> metrics)
    {
        json.WriteStartArray();
        foreach (MetricChoice metric in metrics)
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

    private void Property(string key, object value)
    {
        json.WritePropertyName(key);
        json.WriteValue(value);
    }
}
