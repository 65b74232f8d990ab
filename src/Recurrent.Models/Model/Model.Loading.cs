using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Models read from JSON, of either kind.</content>
public partial class Model
{
    /// <summary>Makes a model of an architecture that <see cref="ToJson"/> or <c>keras.Model.to_json</c> has written.</summary>
    /// <param name="json">The architecture of a Functional or Sequential model, or its <c>config</c> alone.</param>
    /// <param name="compile">Whether to compile the model as the text says it was; its optimizer starts anew.</param>
    /// <param name="limits">How large a model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the text may name; null for none.</param>
    /// <returns>
    /// The model, with first weights from its initializers where its input shape is known; of a Sequential a
    /// <see cref="Sequential"/>.
    /// </returns>
    /// <exception cref="ModelFormatException">The text does not describe a model of layers and options that there are
    /// here.</exception>
    public static Model FromJson(string json, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (FileKinds.RecognizePath(json) is { } path)
        {
            throw new ModelFormatException(path);
        }

        limits ??= ReadLimits.Default;
        var assembly = new ModelAssembly();
        ReadContext context = assembly.ContextFor(limits, custom);
        Architecture architecture = ModelFileReader.ReadArchitecture(json, compile, limits, context);
        return assembly.Create(architecture, 0, new ParameterBudget(context.Budget), context.Budget);
    }

    /// <summary>Reads a model that <see cref="Save(string, bool, bool)"/> has written, whichever kind it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the file may name; null for none.</param>
    /// <returns>The model; of a Sequential a <see cref="Sequential"/>.</returns>
    /// <exception cref="ModelFormatException">The content of the file is not that of a model file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Model Load(string path, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
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
    /// <returns>The model; of a Sequential a <see cref="Sequential"/>.</returns>
    /// <exception cref="ModelFormatException">The content is not that of a model file.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Model Load(Stream stream, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        var assembly = new ModelAssembly();
        ReadContext context = assembly.ContextFor(limits, custom);
        ModelFile file = ModelFileReader.Read(stream, compile, limits, context);
        var weights = new StoredWeights(file.Weights);
        Model model = assembly.Create(file.Architecture, file.Seed, weights, context.Budget, file.Seeds);
        weights.Check([.. model.NamedParameters.Select(named => named.Path)]);
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
}
