using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Recurrent.Layers;

/// <summary>
/// A discrete Fourier transform of one length, <c>X_k = Σ_n x_n exp(−2πi kn / N)</c>, in place on <see cref="Data"/>, again and
/// again. It stands on MathNet's; a long power of two is split into even and odd samples first, because MathNet's would start
/// threads for it.
/// </summary>
internal sealed class FourierPlan
{
    /// <summary>From which length on MathNet works in parallel.</summary>
    private const int Parallel = 1024;

    private readonly FourierPlan? even;
    private readonly FourierPlan? odd;
    private readonly Complex[] turns = [];
    private readonly FourierPlan? longer;
    private readonly Complex[] chirp = [];
    private readonly Complex[] filter = [];

    public FourierPlan(int length)
    {
        Data = new Complex[length];
        if (!BitOperations.IsPow2(length))
        {
            longer = new((int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1)));
            chirp = new Complex[length];
            for (int n = 0; n < length; n++)
            {
                (double sine, double cosine) = Math.SinCos(-Math.PI * ((long)n * n % (2 * length)) / length);
                chirp[n] = new(cosine, sine);
                longer.Data[n] = Complex.Conjugate(chirp[n]);
                longer.Data[(longer.Data.Length - n) % longer.Data.Length] = longer.Data[n];
            }

            longer.Forward();
            filter = [.. longer.Data];
        }
        if (BitOperations.IsPow2(length) && length >= Parallel)
        {
            even = new(length / 2);
            odd = new(length / 2);
            turns = new Complex[length / 2];
            for (int k = 0; k < turns.Length; k++)
            {
                (double sine, double cosine) = Math.SinCos(-2 * Math.PI * k / length);
                turns[k] = new(cosine, sine);
            }
        }
    }

    /// <summary>What is transformed, and the transform.</summary>
    public Complex[] Data { get; }

    public void Forward()
    {
        if (longer is not null)
        {
            Convolve(longer);
            return;
        }

        if (even is null || odd is null)
        {
            Fourier.Forward(Data, FourierOptions.NoScaling);
            return;
        }

        int half = turns.Length;
        for (int n = 0; n < half; n++)
        {
            even.Data[n] = Data[2 * n];
            odd.Data[n] = Data[(2 * n) + 1];
        }

        even.Forward();
        odd.Forward();
        for (int k = 0; k < half; k++)
        {
            Complex turned = turns[k] * odd.Data[k];
            Data[k] = even.Data[k] + turned;
            Data[k + half] = even.Data[k] - turned;
        }
    }

    private void Convolve(FourierPlan plan)
    {
        Array.Clear(plan.Data);
        for (int n = 0; n < Data.Length; n++)
        {
            plan.Data[n] = Data[n] * chirp[n];
        }

        plan.Forward();
        for (int k = 0; k < filter.Length; k++)
        {
            // Conjugated, so that another transform forward is the one back.
            plan.Data[k] = Complex.Conjugate(plan.Data[k] * filter[k]);
        }

        plan.Forward();
        for (int k = 0; k < Data.Length; k++)
        {
            Data[k] = chirp[k] * Complex.Conjugate(plan.Data[k]) / filter.Length;
        }
    }
}
