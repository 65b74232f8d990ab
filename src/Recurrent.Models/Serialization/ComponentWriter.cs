using Newtonsoft.Json;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Serialization;

/// <summary>Writes components as Keras does: <c>module</c>, <c>class_name</c>, <c>config</c>, <c>registered_name</c>.</summary>
internal sealed class ComponentWriter(JsonWriter json)
{
    /// <summary>The number type of this build, as dtype policies name it.</summary>
    public const string RealName = sizeof(Real) == sizeof(float) ? "float32" : "float64";

    /// <summary>Numbers of the layers that stand in several places of the document.</summary>
    public IReadOnlyDictionary<Layer, long> SharedLayers { get; set; } = new Dictionary<Layer, long>();

    /// <summary>Writes a model that stands inside a layer, up to its end.</summary>
    public required Action<Layer> BeginModel { get; init; }

    /// <summary>Writes a layer, with the layers inside it, up to its end.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="batchSize">The one batch size that the model is meant for, or null.</param>
    public void BeginLayer(Layer layer, int? batchSize)
    {
        BeginLayer(ComponentConfig.Of(layer), layer, (layer as RecurrentLayer)?.Cell, StepShape(layer), batchSize);
    }

    /// <summary>Writes an operation on masks, up to its end.</summary>
    public void BeginOperation(MaskOperation operation)
    {
        Begin(operation.Module, operation.ClassName);
        Config(operation.GetConfig());
        Property("registered_name", operation.ClassName);
    }

    /// <summary>Writes the number of a layer that stands in several places of the document.</summary>
    public void Share(Layer? layer)
    {
        if (layer is not null && SharedLayers.TryGetValue(layer, out long number))
        {
            json.WritePropertyName(ReadContext.SharedKey);
            json.WriteValue(number);
        }
    }

    /// <summary>Writes a component that is not a layer.</summary>
    /// <param name="kind">Its kind, see <see cref="Kinds"/>.</param>
    /// <param name="component">The component.</param>
    public void Component(string kind, ComponentConfig component)
    {
        if (kind == Kinds.Activations && ActivationLayers.Of(component) is { } layer)
        {
            Begin(ActivationLayers.Module, layer.ClassName);
            json.WriteStartObject();
            foreach ((string key, object? value) in layer.Config)
            {
                json.WritePropertyName(key);
                json.WriteValue(value);
                if (key == "trainable")
                {
                    Policy();
                }
            }

            json.WriteEndObject();
            End(ActivationLayers.Module, layer.ClassName);
            return;
        }

        string module = Kinds.Module(kind, component.ClassName);
        Begin(module, component.ClassName);
        Config(component.Config);
        End(module, component.ClassName);
    }

    /// <summary>Starts a component, up to its config.</summary>
    public void Begin(string module, string className)
    {
        json.WriteStartObject();
        Property("module", module);
        Property("class_name", className);
        json.WritePropertyName("config");
    }

    /// <summary>Writes what follows a config and ends the component.</summary>
    public void End(string module = "keras", string? className = null)
    {
        RegisteredName(module, className);
        json.WriteEndObject();
    }

    /// <summary>Writes the dtype policy that every layer and model has.</summary>
    /// <param name="name">The number type.</param>
    public void Policy(string name = RealName)
    {
        json.WritePropertyName("dtype");
        Begin("keras", "DTypePolicy");
        json.WriteStartObject();
        Property("name", name);
        json.WriteEndObject();
        End();
    }

    /// <summary>Writes a shape with its batch axis under a key.</summary>
    public void Shape(string key, int? batchSize, Shape shape)
    {
        json.WritePropertyName(key);
        Axes(batchSize, shape);
    }

    private void Axes(int? batchSize, Shape shape)
    {
        json.WriteStartArray();
        foreach (int? axis in shape.Axes.Prepend(batchSize))
        {
            json.WriteValue(axis);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes <c>build_config</c>: the shape that a layer or a model was built for.</summary>
    public void BuildConfig(int? batchSize, Shape shape)
    {
        json.WritePropertyName("build_config");
        json.WriteStartObject();
        Shape("input_shape", batchSize, shape);
        json.WriteEndObject();
    }

    /// <summary>Shape of a step of what a recurrent layer reads; null where there is none, or it is not built.</summary>
    private static Shape? StepShape(Layer? layer) =>
        layer is RecurrentLayer { InputShape: { } input } ? new([.. input.Axes.Skip(1)]) : null;

    /// <summary>Writes a layer or a cell up to its end.</summary>
    /// <param name="component">Its config.</param>
    /// <param name="layer">The layer; null for a cell, and where it is not known.</param>
    /// <param name="cell">The cell, or that of the layer; null where there is none.</param>
    /// <param name="step">Shape of a step of what the cell reads; null where it is not built.</param>
    /// <param name="batchSize">The one batch size that the model is meant for, or null.</param>
    private void BeginLayer(ComponentConfig component, Layer? layer, RecurrentCell? cell, Shape? step, int? batchSize)
    {
        string module = Kinds.Module(Kinds.Layers, component.ClassName);
        Begin(module, Kinds.InFiles(component.ClassName));
        json.WriteStartObject();
        int inner = 0;
        foreach ((string key, object? value) in component.Config)
        {
            json.WritePropertyName(key);
            if (value is ComponentConfig one && key == "cell")
            {
                BeginLayer(one, null, layer is null ? null : cell, step, batchSize);
                json.WriteEndObject();
            }
            else if (value is IReadOnlyList<object?> several && key == "cells")
            {
                Cells(several, (cell as StackedRNNCells)?.Cells, step, batchSize);
            }
            else if (value is ComponentConfig wrapped && Kinds.Of(key) == Kinds.Layers)
            {
                Layer? own = layer?.Inner.ElementAtOrDefault(inner++);
                if (own?.IsModel == true)
                {
                    BeginModel(own);
                }
                else
                {
                    BeginLayer(wrapped, own, (own as RecurrentLayer)?.Cell, StepShape(own), batchSize);
                }

                Share(own);
                json.WriteEndObject();
            }
            else
            {
                Value(key, value);
            }

            if (key == "trainable")
            {
                // The one layer that Keras gives a policy of its own.
                Policy(layer is Hashing { OutputType: { } type } ? type : RealName);
            }
        }

        if (component.ClassName is "SpatialDropout1D" or "Discretization")
        {
            // The layers of which Keras writes the name of the number type alone.
            Property("dtype", RealName);
        }

        json.WriteEndObject();
        RegisteredName(module, component.ClassName);
        if (layer is null && cell is not null && step is not null)
        {
            BuildConfig(batchSize, step);
        }

        if (layer?.InputShape is { } shape && Kinds.HasBuildShape(component.ClassName))
        {
            if (layer.BuiltFor.Count > 1)
            {
                BuildConfig(batchSize, layer.CallForm, layer.BuiltFor, layer.Uses is [{ } first, ..] ? first.Words : null);
            }
            else
            {
                BuildConfig(batchSize, shape);
            }
        }
    }

    /// <summary>Writes the cells of a stack, each of which reads what the one before it gives.</summary>
    private void Cells(IReadOnlyList<object?> configs, IReadOnlyList<RecurrentCell>? cells, Shape? step, int? batchSize)
    {
        json.WriteStartArray();
        for (int i = 0; i < configs.Count; i++)
        {
            RecurrentCell? cell = cells?[i];
            BeginLayer((ComponentConfig)configs[i]!, null, cell, step, batchSize);
            json.WriteEndObject();
            step = step is null ? null : cell?.ComputeOutputShape(step);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the shapes of several inputs: in a list, or by the names of arguments.</summary>
    private void BuildConfig(int? batchSize, CallForm form, IReadOnlyList<Shape> shapes, CallWords? words)
    {
        json.WritePropertyName("build_config");
        json.WriteStartObject();
        if (form.IsList)
        {
            Shapes("input_shape", shapes);
        }
        else
        {
            json.WritePropertyName("shapes_dict");
            json.WriteStartObject();
            int named = Math.Min(form.Built, shapes.Count);
            for (int i = 0; i < named; i++)
            {
                if (words?.Implied.Contains(i) != true)
                {
                    Shape($"{form.Inputs[i]}_shape", batchSize, shapes[i]);
                }
            }

            if (words?.RestIsOne == true)
            {
                Shape($"{form.Rest}_shape", batchSize, shapes[^1]);
            }
            else if (form.Rest is not null && shapes.Count > form.Inputs.Count)
            {
                Shapes($"{form.Rest}_shape", shapes.Skip(form.Inputs.Count));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();

        void Shapes(string key, IEnumerable<Shape> all)
        {
            json.WritePropertyName(key);
            json.WriteStartArray();
            foreach (Shape shape in all)
            {
                Axes(batchSize, shape);
            }

            json.WriteEndArray();
        }
    }

    private void Config(Config config)
    {
        json.WriteStartObject();
        foreach ((string key, object? value) in config)
        {
            json.WritePropertyName(key);
            Value(key, value);
        }

        json.WriteEndObject();
    }

    private void Value(string key, object? value)
    {
        switch (value)
        {
            case ComponentConfig component:
                Component(Kinds.Of(key), component);
                break;
            case Config config:
                Config(config);
                break;
            case IReadOnlyList<object?> list:
                json.WriteStartArray();
                foreach (object? item in list)
                {
                    Value(key, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteValue(value);
                break;
        }
    }

    /// <summary>As Keras: what is code of somebody's own has its name here once more.</summary>
    private void RegisteredName(string module, string? className) =>
        Property("registered_name", module == Kinds.Custom ? className : null);

    private void Property(string key, string? value)
    {
        json.WritePropertyName(key);
        json.WriteValue(value);
    }
}
