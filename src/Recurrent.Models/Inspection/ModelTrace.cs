using Recurrent.Registration;


namespace Recurrent.Inspection;

/// <summary>
/// What happened inside the recurrent layers of a model on some sequences: gates, states and outputs over time, as data and as a
/// page.
/// </summary>
/// <example>
/// <code>
/// ModelTrace trace = model.Trace(x);
/// NDArray forget = trace["lstm"]["forget"];       // (samples, timesteps, units)
/// trace.Save("trace.html");
/// </code>
/// </example>
public sealed class ModelTrace
{
    internal ModelTrace(string model, IReadOnlyList<LayerTrace> layers)
    {
        Model = model;
        Layers = layers;
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>
    /// The recurrent layers, first to last; those inside wrappers by their path, such as <c>bidirectional/forward_lstm</c>.
    /// Inside <c>TimeDistributed</c> each step is a sequence: sample <c>t · samples + s</c> there is step t of sample s of the
    /// model.
    /// </summary>
    public IReadOnlyList<LayerTrace> Layers { get; }

    /// <summary>One of the layers.</summary>
    /// <param name="layer">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such recurrent layer; the message lists those there are.</exception>
    public LayerTrace this[string layer] => Layers.FirstOrDefault(each => each.Layer == layer)
        ?? throw new KeyNotFoundException(
            $"Model '{Model}' has no recurrent layer '{layer}'. It has {string.Join(", ", Layers.Select(each => each.Layer))}.");

    /// <summary>One sample as a page of heat maps: HTML that needs nothing else.</summary>
    /// <param name="sample">Index of the sample; default the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public string ToHtml(int sample = 0) => TracePage.Write(this, sample);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="sample">Index of the sample; default the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, int sample = 0) => FilePath.Write(path, ToHtml(sample));
}
