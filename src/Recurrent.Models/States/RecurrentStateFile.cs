using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.States;

/// <summary>Files with the state of a layer that is called by itself (<see cref="RecurrentLayer.Call"/>). That of a model is a
/// <see cref="ModelState"/>.</summary>
/// <example><code>
/// encoder.Call(x).State.Save("state.json");
/// RecurrentState state = RecurrentStateFile.Load("state.json");
/// </code></example>
public static class RecurrentStateFile
{
    /// <summary>Writes the state to a file.</summary>
    /// <param name="state">The state.</param>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
    /// <exception cref="InvalidOperationException">A state is not a finite number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(this RecurrentState state, string path)
    {
        FileKinds.RequireJson(path);
        SessionFile file = Capture(state);
        AtomicFile.Write(path, stream => SessionFileWriter.Write(stream, file));
    }

    /// <summary>Writes the state to a stream.</summary>
    /// <param name="state">The state.</param>
    /// <param name="stream">Receives the state; it stays open.</param>
    /// <exception cref="InvalidOperationException">A state is not a finite number.</exception>
    public static void Save(this RecurrentState state, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SessionFileWriter.Write(stream, Capture(state));
    }

    /// <summary>Reads a state that <see cref="Save(RecurrentState, string)"/> has written. Whether it fits a layer is seen when
    /// it is given to one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not the state of a layer.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RecurrentState Load(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, limits);
    }

    /// <summary>Reads a state to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large the content may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not the state of a layer.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static RecurrentState Load(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SessionFile file = SessionFileReader.Read(stream, limits ?? ReadLimits.Default);
        if (file.Layers.Count > 0)
        {
            throw new ModelFormatException("layers",
                "this is the state of a model, and not of one layer. Read it with ModelState.Load.");
        }

        file.CheckShapes(ofSteps: false);
        (string Name, NDArray Value)[] states =
            [.. file.States.Select(array => (array.Name, new NDArray([.. array.Shape], array.ToArray())))];
        return RecurrentState.Problem(states) is { } problem ? throw new ModelFormatException("states", problem) : new(states);
    }

    private static SessionFile Capture(RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var file = new SessionFile(
            [], state.BatchSize, 0,
                [.. state.Names.Select(name => SessionFile.Store(name, state[name].Shape, state[name].Values))]);
        SaveCheck.Require(file);
        return file;
    }
}
