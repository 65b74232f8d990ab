using Newtonsoft.Json;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Writes a model without its weights, as <c>keras.Model.to_json</c> does.</summary>
internal sealed class ArchitectureWriter
{
    private readonly JsonWriter json;
    private readonly ComponentWriter components;
    private readonly CompileWriter compile;
    private Architecture? outermost;

    public ArchitectureWriter(JsonWriter json)
    {
        this.json = json;
        components = new ComponentWriter(json) { BeginModel = layer => Begin(outermost!.Wrapped[layer]) };
        compile = new CompileWriter(json, components);
    }

    public void Write(Architecture model)
    {
        outermost = model;
        components.SharedLayers = model.Shared;
        Begin(model);
        json.WriteEndObject();
    }

    /// <summary>Writes a model up to its end, where more may stand.</summary>
    private void Begin(Architecture model)
    {
        if (model.Ends is { } ends)
        {
            Graph(model, ends);
        }
        else
        {
            Row(model);
        }

        json.WritePropertyName("compile_config");
        compile.Write(model.Compile);
    }

    private void Row(Architecture model)
    {
        bool built = model.InputShape is not null && model.Layers.Count > 0;
        components.Begin("keras", "Sequential");
        json.WriteStartObject();
        Property("name", model.Name);
        Property("trainable", model.Trainable);
        components.Policy();
        json.WritePropertyName("layers");
        json.WriteStartArray();
        WriteInput(model);
        foreach (LayerEntry entry in model.Layers)
        {
            BeginEntry(entry, model.BatchSize);
            components.Share(entry.Layer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (built)
        {
            components.Shape("build_input_shape", model.BatchSize, model.InputShape!);
        }

        json.WriteEndObject();
        Property("registered_name", null);
        if (built)
        {
            components.BuildConfig(model.BatchSize, model.InputShape!);
        }
    }

    private void Graph(Architecture model, GraphEnds ends)
    {
        components.Begin("keras.src.models.functional", "Functional");
        json.WriteStartObject();
        Property("name", model.Name);
        Property("trainable", model.Trainable);
        json.WritePropertyName("layers");
        json.WriteStartArray();
        foreach (LayerEntry entry in model.Layers)
        {
            BeginEntry(entry, model.BatchSize);
            components.Share(entry.Layer);
            Property("name", entry.Name);
            json.WritePropertyName("inbound_nodes");
            json.WriteStartArray();
            foreach (CallEntry call in entry.Calls)
            {
                WriteCall(entry.Layer!, call, model.BatchSize);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteEnds("input_layers", ends.Inputs, ends.InputForm, model);
        WriteEnds("output_layers", ends.Outputs, ends.OutputForm, model);
        json.WriteEndObject();
        Property("registered_name", "Functional");
        json.WritePropertyName("build_config");
        json.WriteStartObject();
        Property("input_shape", null);
        json.WriteEndObject();
    }

    private void BeginEntry(LayerEntry entry, int? batchSize)
    {
        if (entry.Model is { } model)
        {
            Begin(model);
        }
        else if (entry.Layer is MaskOperation operation)
        {
            components.BeginOperation(operation);
        }
        else
        {
            components.BeginLayer(entry.Layer!, batchSize);
        }
    }

    private void WriteCall(Layer layer, CallEntry call, int? batchSize)
    {
        IReadOnlyList<TensorPlace> inputs = call.Inputs;
        var operation = layer as MaskOperation;
        CallForm form = operation is null ? layer.CallForm : CallForm.Plain(inputs.Count, operation.ReadsList);
        json.WriteStartObject();
        json.WritePropertyName("args");
        json.WriteStartArray();
        int positional = form.PositionalOf(inputs.Count, call.Words);
        if (form.IsList)
        {
            Tensors(inputs, batchSize);
        }
        else
        {
            for (int i = 0; i < positional; i++)
            {
                Tensor(inputs[i], batchSize);
            }
        }

        if (operation?.Constant is { } constant)
        {
            json.WriteValue(constant);
        }

        json.WriteEndArray();
        json.WritePropertyName("kwargs");
        json.WriteStartObject();
        for (int i = positional; i < Math.Min(form.Inputs.Count, inputs.Count); i++)
        {
            if (call.Words?.Implied.Contains(i) != true)
            {
                json.WritePropertyName(form.Inputs[i]);
                Tensor(inputs[i], batchSize);
            }
        }

        if (form.Rest is not null && inputs.Count > form.Inputs.Count)
        {
            json.WritePropertyName(form.Rest);
            if (call.Words?.RestIsOne == true)
            {
                Tensor(inputs[^1], batchSize);
            }
            else
            {
                Tensors(inputs.Skip(form.Inputs.Count), batchSize);
            }
        }

        foreach ((string key, object? value) in form.ArgumentsFor(inputs.Count, call.Words))
        {
            if (key == CallForm.Mask && form.IsList)
            {
                json.WritePropertyName(key);
                Tensors(call.Masks, batchSize);
            }
            else if (key == CallForm.Mask)
            {
                json.WritePropertyName(key);
                Tensor(call.Masks[0], batchSize);
            }
            else
            {
                Property(key, value);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Tensors(IEnumerable<TensorPlace?> places, int? batchSize)
    {
        json.WriteStartArray();
        foreach (TensorPlace? place in places)
        {
            Tensor(place, batchSize);
        }

        json.WriteEndArray();
    }

    private void Tensor(TensorPlace? place, int? batchSize)
    {
        if (place is null)
        {
            json.WriteNull();
            return;
        }

        (Shapes.Shape shape, string type) = place.Tensor!.Value;
        json.WriteStartObject();
        Property("class_name", GraphReader.Tensor);
        json.WritePropertyName("config");
        json.WriteStartObject();
        components.Shape("shape", batchSize, shape);
        Property("dtype", type);
        json.WritePropertyName("keras_history");
        Place(place, place.Call);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteEnds(string key, IReadOnlyList<TensorPlace> places, EndsForm form, Architecture model)
    {
        json.WritePropertyName(key);
        bool isList = form == EndsForm.List || (form == EndsForm.AsNeeded && places.Count > 1);
        if (form == EndsForm.Names)
        {
            json.WriteStartObject();
        }
        else if (isList)
        {
            json.WriteStartArray();
        }

        foreach (TensorPlace place in places)
        {
            if (form == EndsForm.Names)
            {
                json.WritePropertyName(place.Layer);
            }

            // Here, and only here, Keras counts from 1 on for functional models in a functional model.
            bool counted = model.Layers.FirstOrDefault(entry => entry.Name == place.Layer)?.Model?.Ends is not null;
            Place(place, place.Call + (counted ? 1 : 0));
        }

        if (form == EndsForm.Names)
        {
            json.WriteEndObject();
        }
        else if (isList)
        {
            json.WriteEndArray();
        }
    }

    private void Place(TensorPlace place, int call)
    {
        json.WriteStartArray();
        json.WriteValue(place.Layer);
        json.WriteValue(call);
        json.WriteValue(place.Output);
        json.WriteEndArray();
    }

    private void WriteInput(Architecture model)
    {
        if (model.InputShape is not { } shape)
        {
            return;
        }

        // Keras makes the input layer itself where the first layer told the shape.
        Input input = model.Input
            ?? Input.For(shape, (model.Layers.Count > 0 ? model.Layers[0].Layer : null), ComponentWriter.RealName);
        Config config = [];
        foreach ((string key, object? value) in input.GetConfig())
        {
            config.Add(key, key == "name" ? value ?? "input_layer" : value);
        }

        components.Component(Kinds.Layers, new(input.ClassName, config));
    }

    private void Property(string key, object? value)
    {
        json.WritePropertyName(key);
        json.WriteValue(value);
    }
}
