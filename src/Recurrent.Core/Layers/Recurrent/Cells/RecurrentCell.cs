using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// One step of a recurrent layer. A cell projects the input of all steps at once (<c>Z = W·X + b</c>), then runs step by step;
/// backward, it runs the steps in reverse and leaves the gradients of Z, from which those of its parameters follow in one
/// product each.
/// </summary>
/// <remarks>A cell holds its parameters and nothing of a run: that is in its <see cref="CellPass"/>.</remarks>
internal abstract class RecurrentCell
{
    private const int BiasedValues = 1 << 16;

    private readonly RecurrentOptions options;
    private readonly int gates;
    private PackedMatrix? kernelPanels;
    private PackedMatrix? kernelBackPanels;

    protected RecurrentCell(RecurrentOptions options, int gates, params IReadOnlyList<int> stateSizes)
    {
        this.options = options;
        this.gates = gates;
        StateSizes = stateSizes;
    }

    /// <summary>Number of rows of each state; the first is the hidden state, which is the output.</summary>
    public IReadOnlyList<int> StateSizes { get; }

    /// <summary>Rows of Z: the gates one below the other.</summary>
    protected int GateRows => checked(gates * Units);

    protected int Units => options.Units;

    /// <summary>W: gates · units × features.</summary>
    protected Parameter? Kernel { get; private set; }

    /// <summary>U: gates · units × units.</summary>
    protected Parameter? RecurrentKernel { get; private set; }

    /// <summary>b: gates · units × 1, or × 2 where the recurrent product has a bias of its own.</summary>
    protected Parameter? Bias { get; private set; }

    /// <summary>Number of biases: 1, or 2 where the recurrent product has one of its own.</summary>
    protected virtual int BiasCount => 1;

    /// <summary>First values of the bias.</summary>
    protected virtual Initializer BiasInitializer => options.BiasInitializer;

    /// <summary>Creates the parameters for a number of features.</summary>
    public void Build(int features, Action<Parameter, Initializer> add)
    {
        Kernel = new Parameter("kernel", [features, GateRows], options.KernelRegularizer, options.KernelConstraint);
        add(Kernel, options.KernelInitializer);
        RecurrentKernel = new Parameter("recurrent_kernel", [Units, GateRows], options.RecurrentRegularizer, options.RecurrentConstraint);
        add(RecurrentKernel, options.RecurrentInitializer);
        if (options.UseBias)
        {
            int[] shape = BiasCount == 1 ? [GateRows] : [BiasCount, GateRows];
            Bias = new Parameter("bias", shape, options.BiasRegularizer, options.BiasConstraint);
            add(Bias, BiasInitializer);
        }

        kernelPanels = new PackedMatrix(GateRows, features);
        kernelBackPanels = new PackedMatrix(features, GateRows);
        AllocatePanels();
    }

    /// <summary>Packs the parameters for the product kernel.</summary>
    public virtual void Pack()
    {
        kernelPanels!.Pack(Kernel!.Value);
        kernelBackPanels!.PackTransposed(Kernel.Value);
    }

    /// <summary>Allocates what a run of so many steps remembers.</summary>
    public abstract CellPass NewPass(int steps, int batchSize, bool differentiable);

    /// <summary><c>Z = W·X + b</c> for any number of steps.</summary>
    public void Project(ColumnBlock x, ColumnBlock z)
    {
        if (Bias is null)
        {
            Product.Set(kernelPanels!, x, z);
            return;
        }

        // A stretch at a time, so that the product finds the biases in the cache.
        int stretch = Math.Max(1, BiasedValues / GateRows);
        for (int column = 0; column < z.ColumnCount; column += stretch)
        {
            int count = Math.Min(stretch, z.ColumnCount - column);
            ColumnBlock part = z.Columns(column, count);
            VectorMath.SetColumns(Bias.Values[..GateRows], part);
            Product.Add(kernelPanels!, x.Columns(column, count), part);
        }
    }

    /// <summary><c>dX = Wᵀ·dZ</c> for all steps.</summary>
    public void ProjectBack(ColumnBlock dz, ColumnBlock dx) => Product.Set(kernelBackPanels!, dz, dx);

    /// <summary>Step t: from the projected input and the states before it to the states after it.</summary>
    public abstract void Forward(CellPass pass, int t);

    /// <summary>
    /// Step t backward. <see cref="CellPass.StateGradients"/> hold the gradients of the states after the step and receive those of
    /// the states before it; the gates of the step are replaced by the gradient of their pre-activations.
    /// </summary>
    public abstract void Backward(CellPass pass, int t);

    /// <summary>Adds the gradients of the parameters, when the last step backward is done.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="x">The inputs of all steps.</param>
    /// <param name="gradients">Kernel, recurrent kernel and bias, if there is one.</param>
    public void AddGradients(CellPass pass, ColumnBlock x, IReadOnlyList<DenseMatrix> gradients)
    {
        Product.AddOuter(pass.Gates, x, gradients[0]);
        AddRecurrentGradients(pass, gradients[1]);
        if (Bias is not null)
        {
            AddBiasGradients(pass, gradients[2]);
        }
    }

    /// <summary>The cell's part of the layer's config, as Keras orders it.</summary>
    public abstract Config GetConfig();

    /// <summary>Makes room for the panels of the recurrent products, when the cell is built.</summary>
    protected abstract void AllocatePanels();

    /// <summary><c>dU += dZ·Hᵀ</c>, H what the recurrent product was given at each step.</summary>
    protected virtual void AddRecurrentGradients(CellPass pass, DenseMatrix gradient) =>
        Product.AddOuter(pass.Gates, pass.RecurrentInputs, gradient);

    /// <summary><c>db += Σ dZ</c>.</summary>
    protected virtual void AddBiasGradients(CellPass pass, DenseMatrix gradient) =>
        Product.AddRowSums(pass.Gates, gradient.Values);

    /// <summary>The options all cells have, up to the given one of their own.</summary>
    /// <param name="activations">The activations, after the units.</param>
    /// <param name="afterBias">What follows the bias initializer.</param>
    /// <param name="beforeSeed">What stands before the seed.</param>
    /// <param name="seedAlways">Whether a seed of null is written too: Keras's SimpleRNN leaves it out.</param>
    protected Config ConfigWith(
        IEnumerable<KeyValuePair<string, object?>> activations,
        IEnumerable<KeyValuePair<string, object?>> afterBias,
        IEnumerable<KeyValuePair<string, object?>> beforeSeed,
        bool seedAlways = true)
    {
        var config = new Config { { "units", Units } };
        AddAll(config, activations);
        config.Add("use_bias", options.UseBias);
        config.Add("kernel_initializer", options.KernelInitializer);
        config.Add("recurrent_initializer", options.RecurrentInitializer);
        config.Add("bias_initializer", options.BiasInitializer);
        AddAll(config, afterBias);
        config.Add("kernel_regularizer", options.KernelRegularizer);
        config.Add("recurrent_regularizer", options.RecurrentRegularizer);
        config.Add("bias_regularizer", options.BiasRegularizer);
        if (options.ActivityRegularizer is null)
        {
            // One that is set stands at the head of the config of every layer.
            config.Add("activity_regularizer", null);
        }

        config.Add("kernel_constraint", options.KernelConstraint);
        config.Add("recurrent_constraint", options.RecurrentConstraint);
        config.Add("bias_constraint", options.BiasConstraint);
        config.Add("dropout", options.Dropout);
        config.Add("recurrent_dropout", options.RecurrentDropout);
        AddAll(config, beforeSeed);
        if (seedAlways || options.Seed is not null)
        {
            config.Add("seed", options.Seed);
        }

        return config;
    }

    private static void AddAll(Config config, IEnumerable<KeyValuePair<string, object?>> entries)
    {
        foreach ((string key, object? value) in entries)
        {
            config.Add(key, value);
        }
    }
}
