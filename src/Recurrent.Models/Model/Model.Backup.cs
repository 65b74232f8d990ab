using System.Security.Cryptography;
using System.Text;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>What a run that was killed goes on from.</content>
public partial class Model
{
    /// <summary>Reads a backup.</summary>
    /// <exception cref="ModelFormatException">The content of the file is not that of a backup.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static BackupFile ReadBackup(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        return BackupFile.Read(stream, Unlimited);
    }

    /// <summary>Writes a backup of the model and a run.</summary>
    /// <exception cref="IOException">The file cannot be written; one that is there stays.</exception>
    internal void WriteBackup(string path, Config settings, Config run, IReadOnlyDictionary<string, NDArray> arrays)
    {
        StoredArray[] weights = [.. NamedParameters.Select(named => Stored(
            named.Path, named.Parameter.Shape, named.Parameter.Value))];
        var file = new BackupFile(settings, weights, CaptureTraining(), run,
            [.. arrays.Select(array => new StoredArray(array.Key, array.Value.Shape, array.Value.Values))]);
        AtomicFile.Write(path, file.Write);
    }

    /// <summary>Whether a backup is of this model, built as it is; else what is another than here, as a sentence.</summary>
    internal string? Differs(BackupFile file)
    {
        (string Path, Parameter Parameter)[] parameters = [.. NamedParameters];
        for (int i = 0; i < Math.Max(parameters.Length, file.Weights.Count); i++)
        {
            if (i >= parameters.Length || i >= file.Weights.Count || file.Weights[i].Name != parameters[i].Path)
            {
                return $"where this model has {(i < parameters.Length ? $"'{parameters[i].Path}'" : "no more weights")}, it has "
                    + $"{(i < file.Weights.Count ? $"'{file.Weights[i].Name}'" : "none")}";
            }

            if (!file.Weights[i].Shape.SequenceEqual(parameters[i].Parameter.Shape))
            {
                return $"'{parameters[i].Path}' has the shape {NDArray.Describe(file.Weights[i].Shape)} in it and "
                    + $"{NDArray.Describe(parameters[i].Parameter.Shape)} in this model";
            }
        }

        return null;
    }

    /// <summary>Takes weights, progress and the optimizer's state from a backup of this model.</summary>
    /// <exception cref="ModelFormatException">The state is not that of the optimizer.</exception>
    internal void RestoreBackup(BackupFile file)
    {
        Parameter[] parameters = [.. AllParameters];
        for (int i = 0; i < parameters.Length; i++)
        {
            file.Weights[i].CopyTo(parameters[i].Values);
            parameters[i].MarkChanged();
        }

        Progress = new TrainingProgress(file.Training.Epochs, file.Training.Steps);
        Restore(Optimizer!, file.Training);
    }

    /// <summary>A number that follows from layers, options and connections, and not from weights or names; null for a model that
    /// cannot be written down.</summary>
    internal string? ArchitectureHash()
    {
        try
        {
            string text = ModelFileWriter.Write(Describe() with { Name = string.Empty, Compile = null }, indented: false);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
