using Recurrent.Layers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What is wrong with a layer that is made to be found out.</summary>
public enum LayerFault
{
    None,
    KernelSign,
    KernelFactor,
    KernelTransposed,
    KernelOfOneStep,
    KernelSetByEachColumn,
    KernelSetByEachRun,
    BiasForgotten,
    BiasOfOneSample,
    ScaleForgotten,
    SlopeForgotten,
    SlopeOfTheWrongFunction,
    DropoutScaleForgotten,
    DropoutForgotten,
    DropoutOfEveryEntry,
    MaskForgotten,
    MeanOverAllSteps,
    MeanForgotten,
    InputTransposed,
    InputOfTheLastStep,
    InputOfSwappedSamples,
    InputLeftOver,
    InputOfMaskedStepsToo,
    InputNotANumber,
    OutputAdded,
}

/// <summary>
/// A dense layer with dropout that adds the mean of the steps: <c>a = W·x + b</c>, <c>z = s∘d∘tanh(a)</c>, d dropout's factors,
/// <c>y_t = z_t + Σ_u m_u·z_u / Σ_u m_u</c>, m the mask. With every fault there is.
/// </summary>
internal sealed class FaultyLayer(LayerFault fault, double rate) : UnaryLayer<FaultyLayer.Memory>(null, true, null)
{
    public override string ClassName => "Faulty";

    public override Shape ComputeOutputShape(Shape input) => input;

    public override Config GetConfig() => StartConfig();

    protected override void BuildParameters(Shape input)
    {
        int width = input.Features;
        AddParameter(new Parameter("kernel", [width, width]), "glorot_uniform");
        AddParameter(new Parameter("bias", [width]), "zeros");
        AddParameter(new Parameter("scale", [width]), "ones");
    }

    protected override Memory NewPass(PassOptions options) => new(this, options);

    protected override SequenceBatch Forward(Memory pass, SequenceBatch input)
    {
        int width = input.Values.RowCount;
        int batch = input.BatchSize;
        float[] w = Parameters[0].Value.Values;
        pass.Input = input;
        SeededRandom random = pass.Draw(Seed, 0);
        for (int column = 0; column < input.Values.ColumnCount; column++)
        {
            ReadOnlySpan<float> x = new ColumnBlock(input.Values, column, 1).Values;
            for (int i = 0; i < width; i++)
            {
                float a = Parameters[1].Values[i];
                for (int j = 0; j < width; j++)
                {
                    a += w[(j * width) + i] * x[j];
                }

                int place = (column * width) + i;
                bool kept = random.NextDouble() >= rate;
                pass.Factors[place] = !pass.Training ? 1 : kept ? (float)(1 / (1 - rate)) : 0;
                pass.Tanh[place] = MathF.Tanh(a);
            }
        }

        for (int b = 0; b < batch; b++)
        {
            for (int i = 0; i < width; i++)
            {
                float mean = 0;
                for (int t = 0; t < input.Steps; t++)
                {
                    mean += pass.Weight(t, b) * Z(pass, (((t * batch) + b) * width) + i, i);
                }

                for (int t = 0; t < input.Steps; t++)
                {
                    int place = (((t * batch) + b) * width) + i;
                    float y = Z(pass, place, i) + mean;
                    pass.Output.Values.Values[place] = fault == LayerFault.OutputAdded ? pass.Output.Values.Values[place] + y : y;
                }
            }
        }

        pass.Output.Mask = input.Mask;
        return pass.Output;
    }

    protected override DenseMatrix? Backward(Memory pass, DenseMatrix outputGradient)
    {
        int width = outputGradient.RowCount;
        int batch = pass.Input!.BatchSize;
        int steps = pass.Input.Steps;
        float[] dy = outputGradient.Values;
        if (fault == LayerFault.KernelSetByEachRun)
        {
            pass.Gradients[0].Clear();
        }

        if (fault != LayerFault.InputLeftOver)
        {
            pass.InputGradient.Clear();
        }

        for (int t = 0; t < steps; t++)
        {
            for (int b = 0; b < batch; b++)
            {
                int column = (t * batch) + b;
                var da = new float[width];
                for (int i = 0; i < width; i++)
                {
                    int place = (column * width) + i;
                    float dz = dy[place];
                    for (int u = 0; u < steps && fault != LayerFault.MeanForgotten; u++)
                    {
                        dz += WeightBack(pass, t, b) * dy[(((u * batch) + b) * width) + i];
                    }

                    float h = pass.Tanh[place];
                    float factor = FactorBack(pass.Factors[place]);
                    pass.Gradients[2].Values[i] += fault == LayerFault.ScaleForgotten ? 0 : dz * factor * h;
                    da[i] = dz * factor * Parameters[2].Values[i] * Slope(h);
                }

                AddColumn(pass, da, t, b, batch);
            }
        }

        return pass.InputGradient;
    }

    private float Z(Memory pass, int place, int row) => Parameters[2].Values[row] * pass.Factors[place] * pass.Tanh[place];

    private float WeightBack(Memory pass, int t, int b) => fault switch
    {
        LayerFault.MeanOverAllSteps => pass.Weight(t, b) == 0 ? 0 : 1f / pass.Input!.Steps,
        LayerFault.MaskForgotten => 1f / pass.Input!.Steps,
        _ => pass.Weight(t, b),
    };

    private float FactorBack(float factor) => fault switch
    {
        LayerFault.DropoutForgotten => 1,
        LayerFault.DropoutScaleForgotten => factor == 0 ? 0 : 1,
        LayerFault.DropoutOfEveryEntry => factor == 0 || factor == 1 ? factor : (float)(1 / rate),
        _ => factor,
    };

    private float Slope(float h) => fault switch
    {
        LayerFault.SlopeForgotten => 1,
        LayerFault.SlopeOfTheWrongFunction => h * (1 - h),
        _ => 1 - (h * h),
    };

    private void AddColumn(Memory pass, float[] da, int t, int b, int batch)
    {
        int width = da.Length;
        int steps = pass.Input!.Steps;
        ReadOnlySpan<float> x = new ColumnBlock(pass.Input.Values, (t * batch) + b, 1).Values;
        int target = fault == LayerFault.InputOfSwappedSamples ? batch - 1 - b : b;
        Span<float> dx = new ColumnBlock(pass.InputGradient, (t * batch) + target, 1).Values;
        float[] w = Parameters[0].Value.Values;
        float[] dw = pass.Gradients[0].Values;
        for (int i = 0; i < width; i++)
        {
            bool counts = fault != LayerFault.BiasForgotten && (fault != LayerFault.BiasOfOneSample || b == 0);
            pass.Gradients[1].Values[i] += counts ? da[i] : 0;
            for (int j = 0; j < width; j++)
            {
                float slope = da[i] * x[j] * fault switch
                {
                    LayerFault.KernelSign => -1,
                    LayerFault.KernelFactor => 1.02f,
                    LayerFault.KernelOfOneStep => t == 0 ? 1 : 0,
                    _ => 1,
                };
                int place = fault == LayerFault.KernelTransposed ? (i * width) + j : (j * width) + i;
                dw[place] = fault == LayerFault.KernelSetByEachColumn ? slope : dw[place] + slope;
                if (fault != LayerFault.InputOfTheLastStep || t == steps - 1)
                {
                    dx[j] += da[i] * w[fault == LayerFault.InputTransposed ? (i * width) + j : (j * width) + i];
                }
            }
        }

        if (fault == LayerFault.InputNotANumber && t == 0 && b == 0)
        {
            dx[0] = float.NaN;
        }

        if (fault == LayerFault.InputOfMaskedStepsToo && pass.Input.Mask?[(t * batch) + b] == false)
        {
            dx.Clear();
        }
    }

    /// <summary>What a forward pass keeps.</summary>
    internal sealed class Memory : Pass
    {
        public Memory(Layer layer, PassOptions options)
            : base(layer, options)
        {
            Output = new SequenceBatch(options.InputShape, options.BatchSize);
            InputGradient = new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount);
            Tanh = new float[Output.Values.Values.Length];
            Factors = new float[Tanh.Length];
        }

        public SequenceBatch Output { get; }

        public DenseMatrix InputGradient { get; }

        public float[] Tanh { get; }

        public float[] Factors { get; }

        public SequenceBatch? Input { get; set; }

        /// <summary>By what a step counts in the mean.</summary>
        public float Weight(int t, int b)
        {
            bool[]? mask = Input!.Mask;
            int batch = Input.BatchSize;
            int data = 0;
            for (int u = 0; u < Input.Steps; u++)
            {
                data += mask?[(u * batch) + b] == false ? 0 : 1;
            }

            return mask?[(t * batch) + b] == false || data == 0 ? 0 : 1f / data;
        }
    }
}
