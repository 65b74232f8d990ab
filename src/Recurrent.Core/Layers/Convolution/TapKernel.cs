using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The kernel of a convolution along the steps as one matrix for each tap and group, and the products with it. With columns
/// <c>t · batch + b</c> a tap of stride 1 sees a block of adjacent columns, so a convolution is one product for each tap, of
/// blocks that stand where they are.
/// </summary>
/// <remarks>
/// <code>
/// forward     z_i  = b + Σ_k W_k·x_{i·stride + k·dilation − before}
/// backward    dx_j = Σ_k W_kᵀ·dz_i,  where j = i·stride + k·dilation − before
///             dW_k += Σ_i dz_i·x_{i·stride + k·dilation − before}ᵀ
/// </code>
/// Taps are added in their order whatever the number of columns, so a step alone has the bits that it has among others.
/// </remarks>
internal sealed class TapKernel
{
    // Values of x and of z that one run of columns has: they and a tap's weights stay in the second-level cache for all taps.
    private const int RunValues = 32768;

    // Fewer columns would leave the product's tiles half empty.
    private const int LeastRun = 16;

    private readonly int outputs;
    private readonly int inputs;
    private readonly int taps;
    private readonly int groups;
    private readonly PackedMatrix[] blocks;
    private readonly PackedMatrix[] transposed;

    /// <summary>A kernel whose weights <see cref="Pack"/> takes.</summary>
    /// <param name="outputs">Number of channels of the output.</param>
    /// <param name="inputs">Number of channels of the input.</param>
    /// <param name="taps">Number of taps.</param>
    /// <param name="groups">
    /// Number of groups: each sees its own part of the input's channels and makes its own part of the output's.
    /// </param>
    public TapKernel(int outputs, int inputs, int taps, int groups = 1)
    {
        this.outputs = outputs;
        this.inputs = inputs;
        this.taps = taps;
        this.groups = groups;
        blocks = [.. Enumerable.Range(0, taps * groups).Select(_ => new PackedMatrix(GroupOutputs, GroupInputs))];
        transposed = [.. Enumerable.Range(0, taps * groups).Select(_ => new PackedMatrix(GroupInputs, GroupOutputs))];
    }

    private int GroupOutputs => outputs / groups;

    private int GroupInputs => inputs / groups;

    /// <summary>Takes the weights.</summary>
    /// <param name="kernel">The kernel: outputs × (taps · inputs of a group).</param>
    public void Pack(DenseMatrix kernel)
    {
        for (int tap = 0; tap < taps; tap++)
        {
            for (int group = 0; group < groups; group++)
            {
                var block = new MatrixView(kernel, group * GroupOutputs, GroupOutputs, tap * GroupInputs, GroupInputs);
                blocks[(tap * groups) + group].Pack(block);
                transposed[(tap * groups) + group].PackTransposed(block);
            }
        }
    }

    /// <summary>z = b + W∗x.</summary>
    /// <param name="window">Which inputs an output sees.</param>
    /// <param name="x">The inputs: channels × (inputs · batch).</param>
    /// <param name="bias">One value for each channel of the output; empty for none.</param>
    /// <param name="z">Receives channels × (outputs · batch).</param>
    /// <param name="threads">How many threads may share in it.</param>
    public void Set(in StepWindow window, ColumnBlock x, ReadOnlySpan<Real> bias, ColumnBlock z, int threads)
    {
        int batch = z.ColumnCount / window.Outputs;
        int run = window.Stride == 1 ? RunLength(batch, window.Outputs, threads) : 1;
        for (int first = 0; first < window.Outputs; first += run)
        {
            int end = Math.Min(first + run, window.Outputs);
            Start(bias, z.Columns(first * batch, (end - first) * batch));
            for (int tap = 0; tap < taps; tap++)
            {
                (int from, int to) = window.OutputsSeeing(tap, first, end);
                if (from < to)
                {
                    ColumnBlock seen = x.Columns(window.InputOf(from, tap) * batch, (to - from) * batch);
                    ColumnBlock sums = z.Columns(from * batch, (to - from) * batch);
                    Add(blocks, tap, seen, GroupInputs, sums, GroupOutputs, threads);
                }
            }
        }
    }

    /// <summary>x = b + W∗ᵀz: the gradient of the input, and a transposed convolution.</summary>
    /// <param name="window">Which of x an output sees.</param>
    /// <param name="z">channels of the output × (outputs · batch).</param>
    /// <param name="bias">One value for each channel of x; empty for none.</param>
    /// <param name="x">Receives channels × (inputs · batch).</param>
    /// <param name="threads">How many threads may share in it.</param>
    public void SetTransposed(in StepWindow window, ColumnBlock z, ReadOnlySpan<Real> bias, ColumnBlock x, int threads)
    {
        int batch = x.ColumnCount / window.Inputs;
        int run = window.Stride == 1 ? RunLength(batch, window.Inputs, threads) : 1;
        for (int first = 0; first < window.Inputs; first += run)
        {
            int end = Math.Min(first + run, window.Inputs);
            Start(bias, x.Columns(first * batch, (end - first) * batch));
            for (int tap = 0; tap < taps; tap++)
            {
                (int from, int to) = window.Stride == 1 ? window.InputsSeen(tap, first, end) : (first, end);
                if (from < to && window.OutputOf(from, tap) is int output)
                {
                    ColumnBlock seeing = z.Columns(output * batch, (to - from) * batch);
                    ColumnBlock sums = x.Columns(from * batch, (to - from) * batch);
                    Add(transposed, tap, seeing, GroupOutputs, sums, GroupInputs, threads);
                }
            }
        }
    }

    /// <summary>dW += dz∗x: the gradient of the kernel.</summary>
    /// <param name="window">Which inputs an output sees.</param>
    /// <param name="dz">Gradient of the outputs.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="gradient">The kernel's gradient, laid out as the kernel.</param>
    public void AddGradient(in StepWindow window, ColumnBlock dz, ColumnBlock x, DenseMatrix gradient)
    {
        int batch = dz.ColumnCount / window.Outputs;
        for (int tap = 0; tap < taps; tap++)
        {
            var target = new ColumnBlock(gradient, tap * GroupInputs, GroupInputs);
            (int first, int end) = window.OutputsSeeing(tap, 0, window.Outputs);
            int run = window.Stride == 1 ? end - first : 1;
            for (int output = first; output < end; output += run)
            {
                ColumnBlock given = dz.Columns(output * batch, run * batch);
                ColumnBlock seen = x.Columns(window.InputOf(output, tap) * batch, run * batch);
                for (int group = 0; group < groups; group++)
                {
                    int row = group * GroupOutputs;
                    Product.AddOuter(given, row, GroupOutputs, seen, group * GroupInputs, target, row);
                }
            }
        }
    }

    /// <summary>Every column starts from the bias, or from zero.</summary>
    internal static void Start(ReadOnlySpan<Real> bias, ColumnBlock block)
    {
        if (bias.IsEmpty)
        {
            block.Values.Clear();
            return;
        }

        for (int column = 0; column < block.ColumnCount; column++)
        {
            bias.CopyTo(block.Column(column));
        }
    }

    private void Add(PackedMatrix[] weights, int tap, ColumnBlock from, int rowsFrom, ColumnBlock to, int rowsTo, int threads)
    {
        for (int group = 0; group < groups; group++)
        {
            Product.AddBand(weights[(tap * groups) + group], from, group * rowsFrom, to, group * rowsTo, threads);
        }
    }

    /// <summary>Number of steps that go through all taps together; all of them where threads share the products.</summary>
    private int RunLength(int batch, int steps, int threads) =>
        threads > 1 ? steps : Math.Max(1, Math.Max(LeastRun, RunValues / (outputs + inputs)) / batch);
}
