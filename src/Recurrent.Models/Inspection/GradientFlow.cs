using Recurrent.Registration;


namespace Recurrent.Inspection;

/// <summary>
/// How much of the gradient reaches each step: the norm of ∂L/∂h_t for every recurrent layer and step. Where it falls by orders
/// of magnitude from the last step to the first, gradients vanish and nothing is learned from early steps; where it grows, they
/// explode (Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013).
/// </summary>
public sealed class GradientFlow
{
    internal GradientFlow(string model, double loss, IReadOnlyList<LayerGradientFlow> layers)
    {
        Model = model;
        Loss = loss;
        Layers = layers;
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>The loss L whose gradient it is, without penalties on weights.</summary>
    public double Loss { get; }

    /// <summary>
    /// The recurrent layers, first to last, those inside wrappers too. Inside <c>TimeDistributed</c> each step is a sequence, and
    /// the norm is over all of them.
    /// </summary>
    public IReadOnlyList<LayerGradientFlow> Layers { get; }

    /// <summary>The curves as a page: HTML that needs nothing else.</summary>
    public string ToHtml() => GradientFlowPage.Write(this);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());
}

/// <summary>The gradient that reaches the outputs of one recurrent layer.</summary>
/// <param name="Layer">Name of the layer, or its path where it stands inside another.</param>
/// <param name="Norms">
/// For each step, in the order in which the layer reads the sequence, the Euclidean norm of ∂L/∂h_t over units and samples;
/// everything counts that h_t has a part in, this step's output and all later ones.
/// </param>
public sealed record LayerGradientFlow(string Layer, IReadOnlyList<double> Norms)
{
    /// <summary>
    /// The norm at the first step over that at the last: far below 1 where gradients vanish on their way back, far above 1 where
    /// they explode; not a number where none arrives at either.
    /// </summary>
    public double FirstOverLast => Norms[0] / Norms[^1];
}
