using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// A pass of a convolution in which every channel has weights of its own, and of what may mix the channels behind it.
/// </summary>
internal sealed class DepthwisePass : ConvolutionPass
{
    private readonly DenseMatrix? repeated;
    private readonly DenseMatrix? repeatedGradient;

    /// <summary>Makes room.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">What the pass is for.</param>
    /// <param name="window">The window over the steps of the input.</param>
    /// <param name="taps">The weights.</param>
    /// <param name="mixes">Whether what the taps give is not the sums of the layer yet.</param>
    public DepthwisePass(ConvolutionLayer layer, PassOptions options, StepWindow window, DepthwiseTaps taps, bool mixes)
        : base(layer, options, window)
    {
        if (!taps.KeepsChannels)
        {
            repeated = new DenseMatrix(taps.Outputs, window.Inputs * options.BatchSize);
            repeatedGradient = options.InputGradient ? new DenseMatrix(taps.Outputs, repeated.ColumnCount) : null;
        }

        if (mixes)
        {
            Middle = new DenseMatrix(taps.Outputs, window.Outputs * options.BatchSize);
            MiddleGradient = options.Differentiable ? new DenseMatrix(taps.Outputs, Middle.ColumnCount) : null;
        }
    }

    /// <summary>What the taps give, where it is not the sums of the layer.</summary>
    public DenseMatrix? Middle { get; }

    /// <summary>The gradient of <see cref="Middle"/>.</summary>
    public DenseMatrix? MiddleGradient { get; }

    /// <summary>x̃ of the last forward pass.</summary>
    public ColumnBlock Repeated => repeated ?? Input;

    /// <summary>Makes x̃.</summary>
    public void Repeat(DepthwiseTaps taps)
    {
        if (repeated is not null)
        {
            taps.Repeat(Input, repeated);
        }
    }

    /// <summary>The way back: adds the gradient of the weights, and computes that of the input where it is asked for.</summary>
    public void Backward(DepthwiseTaps taps, ReadOnlySpan<Real> kernel, ColumnBlock dz, Span<Real> gradient)
    {
        taps.AddGradient(Window, dz, Repeated, gradient);
        if (StepInputGradient is { } dx)
        {
            taps.SetBack(Window, kernel, dz, repeatedGradient ?? dx);
            if (repeatedGradient is not null)
            {
                taps.Sum(repeatedGradient, dx);
            }
        }
    }
}
