using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Models read from JSON.</content>
public sealed partial class Sequential
{
    // What the model itself has written needs no limits.
    private static ReadLimits Unlimited => new() { MaxLength = long.MaxValue, MaxLayers = int.MaxValue, MaxParameters = long.MaxValue };

    /// <summary>Makes a model of an architecture that <see cref="Model.ToJson"/> or <c>keras.Model.to_json</c> has written.</summary>
    /// <param name="json">The architecture of a Sequential model, or its <c>config</c> alone.</param>
    /// <param name="compile">Whether to compile the model as the text says it was; its optimizer starts anew.</param>
    /// <param name="limits">How large a model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the text may name; null for none.</param>
    /// <returns>The model, with first weights from its initializers where its input shape is known.</returns>
    /// <exception cref="ModelFormatException">The text does not describe a model of layers and options that there are here.</exception>
    public static Sequential FromJson(string json, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (FileKinds.RecognizePath(json) is { } path)
        {
            throw new ModelFormatException(path);
        }

        limits ??= ReadLimits.Default;
        ReadContext context = ReadContext.For(limits, custom);
        return Assemble(ModelFileReader.ReadArchitecture(json, compile, limits, context), 0, new ParameterBudget(context.Budget), context.Budget);
    }

    /// <summary>Reads a model that <see cref="Model.Save(string, bool, bool)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the file may name; null for none.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a model file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Sequential Load(string path, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, compile, limits, custom);
    }

    /// <summary>Reads a model to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the file may name; null for none.</param>
    /// <exception cref="ModelFormatException">The content is not that of a model file.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Sequential Load(Stream stream, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadContext context = ReadContext.For(limits ?? ReadLimits.Default, custom);
        ModelFile file = ModelFileReader.Read(stream, compile, limits ?? ReadLimits.Default, context);
        var weights = new StoredWeights(file.Weights);
        Sequential model = Assemble(file.Architecture, file.Seed, weights, context.Budget);
        weights.Check(model.Layers);
        model.RestoreTrainable(file.Weights);
        if (file.Training is { } training)
        {
            model.Progress = new TrainingProgress(training.Epochs, training.Steps);
            if (model.Optimizer is { } optimizer)
            {
                model.Restore(optimizer, training);
            }
        }

        return model;
    }

    /// <inheritdoc cref="Model.Clone"/>
    public new Sequential Clone(CustomObjects? custom = null) => (Sequential)base.Clone(custom);

    private protected override Model Reload(Stream file, CustomObjects? custom) => Load(file, compile: true, Unlimited, custom);

    /// <summary>Builds a model whose parts have all been checked; sizes are checked as parameters are asked for.</summary>
    private static Sequential Assemble(Architecture architecture, int seed, IParameterSource source, SizeBudget budget)
    {
        var model = new Sequential(name: architecture.Name, seed: seed);
        string path = string.Empty;
        try
        {
            if (architecture.Input is not null)
            {
                model.AddInput(architecture.Input);
            }

            for (int i = 0; i < architecture.Layers.Count; i++)
            {
                path = architecture.Paths[i];
                model.Add(architecture.Layers[i], source);
            }

            path = string.Empty;
            if (architecture is { InputShape: { } shape, Layers.Count: > 0 })
            {
                model.Build(shape, source);
            }

            foreach (Layer layer in model.Layers.Where(layer => layer is IStateful && model.IsBuilt))
            {
                budget.Take($"The state of {layer.Introduction}", ((IStateful)layer).StateSizes.Sum(size => (long)size));
            }

            if (architecture.Compile is { } settings)
            {
                model.Compile(settings.Optimizer, settings.Loss, [.. settings.Metrics], [.. settings.WeightedMetrics]);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            throw new ModelFormatException(path, exception.Message, exception);
        }

        return model;
    }
}
