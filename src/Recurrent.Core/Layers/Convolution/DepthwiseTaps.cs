using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// A convolution along the steps in which every channel is seen by weights of its own, <c>multiplier</c> for each tap.
/// </summary>
/// <remarks>
/// <code>
/// x̃_t[c·multiplier + q] = x_t[c]
/// forward     z_i  = b + Σ_k w_k ∘ x̃_{i·stride + k·dilation − before}
/// backward    dx̃_j = Σ_k w_k ∘ dz_i,  where j = i·stride + k·dilation − before;    dx_j[c] = Σ_q dx̃_j[c·multiplier + q]
///             dw_k += Σ_i dz_i ∘ x̃_{i·stride + k·dilation − before}
/// </code>
/// The kernel (taps, channels, multiplier) holds one vector w_k after the other.
/// </remarks>
/// <param name="taps">Number of taps.</param>
/// <param name="channels">Number of channels of the input.</param>
/// <param name="multiplier">Number of channels of the output for each of the input's.</param>
internal sealed class DepthwiseTaps(int taps, int channels, int multiplier)
{
    /// <summary>Number of channels of the output.</summary>
    public int Outputs { get; } = checked(channels * multiplier);

    /// <summary>Whether channels are as many before as behind, so that x̃ is x.</summary>
    public bool KeepsChannels => multiplier == 1;

    /// <summary>x̃: every channel as often as there are weights for it.</summary>
    /// <param name="x">channels × columns.</param>
    /// <param name="repeated">Receives (channels · multiplier) × columns.</param>
    public void Repeat(ColumnBlock x, ColumnBlock repeated)
    {
        ReadOnlySpan<Real> from = x.Values;
        Span<Real> to = repeated.Values;
        for (int i = 0; i < from.Length; i++)
        {
            to.Slice(i * multiplier, multiplier).Fill(from[i]);
        }
    }

    /// <summary>The way back: the sum over the weights of a channel.</summary>
    /// <param name="repeated">(channels · multiplier) × columns.</param>
    /// <param name="x">Receives channels × columns.</param>
    public void Sum(ColumnBlock repeated, ColumnBlock x)
    {
        ReadOnlySpan<Real> from = repeated.Values;
        Span<Real> to = x.Values;
        for (int i = 0; i < to.Length; i++)
        {
            Real sum = 0;
            foreach (Real value in from.Slice(i * multiplier, multiplier))
            {
                sum += value;
            }

            to[i] = sum;
        }
    }

    /// <summary>z = b + Σ_k w_k ∘ x̃.</summary>
    /// <param name="window">Which inputs an output sees.</param>
    /// <param name="kernel">The weights.</param>
    /// <param name="x">x̃.</param>
    /// <param name="bias">One value for each channel of the output; empty for none.</param>
    /// <param name="z">Receives the sums.</param>
    public void Set(in StepWindow window, ReadOnlySpan<Real> kernel, ColumnBlock x, ReadOnlySpan<Real> bias, ColumnBlock z)
    {
        int batch = z.ColumnCount / window.Outputs;
        TapKernel.Start(bias, z);
        for (int output = 0; output < window.Outputs; output++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                if (SeesInput(window, output, tap) is int input)
                {
                    AddProducts(Weights(kernel, tap), x, input * batch, z, output * batch, batch);
                }
            }
        }
    }

    /// <summary>dx̃ = Σ_k w_k ∘ dz.</summary>
    /// <param name="window">Which inputs an output sees.</param>
    /// <param name="kernel">The weights.</param>
    /// <param name="dz">Gradient of the outputs.</param>
    /// <param name="dx">Receives that of x̃.</param>
    public void SetBack(in StepWindow window, ReadOnlySpan<Real> kernel, ColumnBlock dz, ColumnBlock dx)
    {
        int batch = dx.ColumnCount / window.Inputs;
        dx.Values.Clear();
        for (int input = 0; input < window.Inputs; input++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                if (window.OutputOf(input, tap) is int output)
                {
                    AddProducts(Weights(kernel, tap), dz, output * batch, dx, input * batch, batch);
                }
            }
        }
    }

    /// <summary>dw_k += Σ_i dz_i ∘ x̃.</summary>
    /// <param name="window">Which inputs an output sees.</param>
    /// <param name="dz">Gradient of the outputs.</param>
    /// <param name="x">x̃.</param>
    /// <param name="gradient">Gradient of the weights.</param>
    public void AddGradient(in StepWindow window, ColumnBlock dz, ColumnBlock x, Span<Real> gradient)
    {
        int batch = dz.ColumnCount / window.Outputs;
        for (int output = 0; output < window.Outputs; output++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                if (SeesInput(window, output, tap) is int input)
                {
                    Span<Real> sums = gradient.Slice(tap * Outputs, Outputs);
                    for (int sample = 0; sample < batch; sample++)
                    {
                        VectorMath.AddProduct(dz.Column((output * batch) + sample), x.Column((input * batch) + sample), sums);
                    }
                }
            }
        }
    }

    private static int? SeesInput(in StepWindow window, int output, int tap)
    {
        int input = window.InputOf(output, tap);
        return input >= 0 && input < window.Inputs ? input : null;
    }

    private static void AddProducts(
        ReadOnlySpan<Real> weights, ColumnBlock from, int firstFrom, ColumnBlock to, int firstTo, int count)
    {
        for (int i = 0; i < count; i++)
        {
            VectorMath.AddProduct(weights, from.Column(firstFrom + i), to.Column(firstTo + i));
        }
    }

    private ReadOnlySpan<Real> Weights(ReadOnlySpan<Real> kernel, int tap) => kernel.Slice(tap * Outputs, Outputs);
}
