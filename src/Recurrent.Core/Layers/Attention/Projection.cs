using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// A linear map <c>y = W·x + b</c> inside an attention layer. Keras gives its kernel an axis for the heads; the bytes are those
/// of the matrix with the heads below one another.
/// </summary>
internal sealed class Projection
{
    private readonly Parameter kernel;
    private readonly Parameter? bias;
    private readonly DenseMatrix weights;
    private readonly PackedMatrix panels;
    private readonly PackedMatrix backPanels;

    /// <summary>Makes room for the panels.</summary>
    /// <param name="kernel">The kernel, built.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="kernelIndex">Place of the kernel among the layer's parameters; that of the bias is the next.</param>
    /// <param name="outputs">Rows of y.</param>
    public Projection(Parameter kernel, Parameter? bias, int kernelIndex, int outputs)
    {
        this.kernel = kernel;
        this.bias = bias;
        KernelIndex = kernelIndex;
        Inputs = kernel.Size / outputs;
        Outputs = outputs;
        weights = new DenseMatrix(outputs, Inputs, kernel.Value.Values);
        panels = new PackedMatrix(outputs, Inputs);
        backPanels = new PackedMatrix(Inputs, outputs);
    }

    /// <summary>Place of the kernel among the layer's parameters; that of the bias is the next.</summary>
    public int KernelIndex { get; }

    /// <summary>Rows of x.</summary>
    public int Inputs { get; }

    /// <summary>Rows of y.</summary>
    public int Outputs { get; }

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias => bias is not null;

    /// <summary>Brings the panels up to date.</summary>
    public void Pack()
    {
        panels.Pack(weights);
        backPanels.PackTransposed(weights);
    }

    /// <summary><c>y = W·x + b</c>.</summary>
    /// <param name="x">One or more columns.</param>
    /// <param name="y">As many columns.</param>
    /// <param name="threads">How many threads may share in it.</param>
    public void Set(ColumnBlock x, ColumnBlock y, int threads) =>
        Product.SetBand(panels, x, 0, bias is null ? default : bias.Values, y, 0, threads);

    /// <summary><c>dx = Wᵀ·dy</c>.</summary>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="dx">Receives the gradient of x.</param>
    public void SetInputGradient(ColumnBlock dy, ColumnBlock dx) => Product.Set(backPanels, dy, dx);

    /// <summary><c>dx += Wᵀ·dy</c>.</summary>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="dx">The gradient of x, which is added to.</param>
    public void AddInputGradient(ColumnBlock dy, ColumnBlock dx) => Product.Add(backPanels, dy, dx);

    /// <summary><c>dW += dy·xᵀ</c> and <c>db += Σ dy</c>.</summary>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="x">What the map was given.</param>
    /// <param name="gradients">The gradients of the layer's parameters.</param>
    public void AddGradients(ColumnBlock dy, ColumnBlock x, IReadOnlyList<DenseMatrix> gradients)
    {
        Product.AddOuter(dy, x, MatrixView.Of(gradients[KernelIndex].Values, 0, Outputs, Inputs, Outputs));
        if (HasBias)
        {
            Product.AddRowSums(dy, gradients[KernelIndex + 1].Values);
        }
    }
}
