"""The constants of gurobipy by name: codes, letters, names of attributes and parameters."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.gurobipy.parameters import PARAMETERS

CONSTANTS: dict[str, Any] = {
    "BARHOMOGENEOUS_AUTO": -1, "BARHOMOGENEOUS_OFF": 0, "BARHOMOGENEOUS_ON": 1, "BARORDER_AMD": 0,
    "BARORDER_AUTOMATIC": -1, "BARORDER_NESTEDDISSECTION": 1, "BASIC": 0, "BATCH_ABORTED": 3, "BATCH_COMPLETED": 5,
    "BATCH_CREATED": 1, "BATCH_FAILED": 4, "BATCH_SUBMITTED": 2, "BINARY": "B", "CONTINUOUS": "C",
    "CUTS_AGGRESSIVE": 2, "CUTS_AUTO": -1, "CUTS_CONSERVATIVE": 1, "CUTS_OFF": 0, "CUTS_VERYAGGRESSIVE": 3,
    "DEFAULT_CS_PORT": 61000, "EQUAL": "=", "FEASRELAX_CARDINALITY": 2, "FEASRELAX_LINEAR": 0,
    "FEASRELAX_QUADRATIC": 1, "GENCONSTR_ABS": 2, "GENCONSTR_AND": 3, "GENCONSTR_COS": 16, "GENCONSTR_EXP": 10,
    "GENCONSTR_EXPA": 11, "GENCONSTR_INDICATOR": 7, "GENCONSTR_LOG": 12, "GENCONSTR_LOGA": 13,
    "GENCONSTR_LOGISTIC": 18, "GENCONSTR_MAX": 0, "GENCONSTR_MIN": 1, "GENCONSTR_NL": 6, "GENCONSTR_NORM": 5,
    "GENCONSTR_OR": 4, "GENCONSTR_POLY": 9, "GENCONSTR_POW": 14, "GENCONSTR_PWL": 8, "GENCONSTR_SIN": 15,
    "GENCONSTR_TAN": 17, "GREATER_EQUAL": ">", "INFINITY": 1e+100, "INTEGER": "I", "LESS_EQUAL": "<", "MAXIMIZE": -1,
    "MAXINT": 2000000000, "MAX_CONCURRENT": 64, "MAX_NAMELEN": 255, "MAX_STRLEN": 512, "MAX_TAGLEN": 10240,
    "METHOD_AUTO": -1, "METHOD_BARRIER": 2, "METHOD_CONCURRENT": 3, "METHOD_DETERMINISTIC_CONCURRENT": 4,
    "METHOD_DETERMINISTIC_CONCURRENT_SIMPLEX": 5, "METHOD_DUAL": 1, "METHOD_NONE": -1, "METHOD_PDHG": 6,
    "METHOD_PRIMAL": 0, "MINIMIZE": 1, "MIPFOCUS_BALANCED": 0, "MIPFOCUS_BESTBOUND": 3, "MIPFOCUS_FEASIBILITY": 1,
    "MIPFOCUS_OPTIMALITY": 2, "NONBASIC_LOWER": -1, "NONBASIC_UPPER": -2, "OPCODE_CONSTANT": 0, "OPCODE_COS": 10,
    "OPCODE_DIVIDE": 5, "OPCODE_EXP": 13, "OPCODE_LOG": 14, "OPCODE_LOG10": 16, "OPCODE_LOG2": 15,
    "OPCODE_LOGISTIC": 17, "OPCODE_MINUS": 3, "OPCODE_MULTIPLY": 4, "OPCODE_PLUS": 2, "OPCODE_POW": 12,
    "OPCODE_SIGNPOW": 19, "OPCODE_SIN": 9, "OPCODE_SQRT": 8, "OPCODE_SQUARE": 7, "OPCODE_TAN": 11, "OPCODE_TANH": 18,
    "OPCODE_UMINUS": 6, "OPCODE_VARIABLE": 1, "PARTITION_CLEANUP": 1, "PARTITION_EARLY": 16, "PARTITION_NODES": 2,
    "PARTITION_ROOTEND": 4, "PARTITION_ROOTSTART": 8, "PHASE_MIP_IMPROVE": 2, "PHASE_MIP_NOREL": 0,
    "PHASE_MIP_SEARCH": 1, "PRESOLVE_AGGRESSIVE": 2, "PRESOLVE_AUTO": -1, "PRESOLVE_CONSERVATIVE": 1,
    "PRESOLVE_OFF": 0, "SEMICONT": "S", "SEMIINT": "N", "SIMPLEXPRICING_AUTO": -1, "SIMPLEXPRICING_DEVEX": 2,
    "SIMPLEXPRICING_PARTIAL": 0, "SIMPLEXPRICING_STEEPEST_EDGE": 1, "SIMPLEXPRICING_STEEPEST_QUICK": 3,
    "SOS_TYPE1": 1, "SOS_TYPE2": 2, "SUPERBASIC": -3, "UNDEFINED": 1e+101, "VARBRANCH_AUTO": -1,
    "VARBRANCH_MAX_INFEAS": 2, "VARBRANCH_PSEUDO_REDUCED": 0, "VARBRANCH_PSEUDO_SHADOW": 1, "VARBRANCH_STRONG": 3,
    "VERSION_MAJOR": 13, "VERSION_MINOR": 0, "VERSION_TECHNICAL": 3,
}  # fmt: skip
"""What stands directly in GRB, error and status codes apart."""

STATUS: dict[str, Any] = {
    "CUTOFF": 6, "INFEASIBLE": 3, "INF_OR_UNBD": 4, "INPROGRESS": 14, "INTERRUPTED": 11, "ITERATION_LIMIT": 7,
    "LOADED": 1, "LOCALLY_INFEASIBLE": 19, "LOCALLY_OPTIMAL": 18, "MEM_LIMIT": 17, "NODE_LIMIT": 8, "NUMERIC": 12,
    "OPTIMAL": 2, "SOLUTION_LIMIT": 10, "SUBOPTIMAL": 13, "TIME_LIMIT": 9, "UNBOUNDED": 5, "USER_OBJ_LIMIT": 15,
    "WORK_LIMIT": 16,
}  # fmt: skip
"""How an optimization ended."""

ERROR: dict[str, Any] = {
    "CALLBACK": 10011, "CLOUD": 10028, "CSWORKER": 10030, "DATA_NOT_AVAILABLE": 10005, "DUPLICATES": 10018,
    "EXCEED_2B_NONZEROS": 10025, "FAILED_TO_CREATE_MODEL": 20002, "FILE_READ": 10012, "FILE_WRITE": 10013,
    "IIS_NOT_INFEASIBLE": 10015, "INDEX_OUT_OF_RANGE": 10006, "INTERNAL": 20003, "INVALID_ARGUMENT": 10003,
    "INVALID_PIECEWISE_OBJ": 10026, "JOB_REJECTED": 10023, "MODEL_MODIFICATION": 10029, "NETWORK": 10022,
    "NODEFILE": 10019, "NOT_FOR_MIP": 10016, "NOT_IN_MODEL": 20001, "NOT_SUPPORTED": 10024, "NO_LICENSE": 10009,
    "NULL_ARGUMENT": 10002, "NUMERIC": 10014, "OPTIMIZATION_IN_PROGRESS": 10017, "OUT_OF_MEMORY": 10001,
    "QCP_EQUALITY_CONSTRAINT": 10021, "Q_NOT_PSD": 10020, "SIZE_LIMIT_EXCEEDED": 10010, "TUNE_MODEL_TYPES": 10031,
    "UNKNOWN_ATTRIBUTE": 10004, "UNKNOWN_PARAMETER": 10007, "UPDATEMODE_CHANGE": 10027, "VALUE_OUT_OF_RANGE": 10008,
}  # fmt: skip
"""Error codes, as in `GurobiError.errno`."""

CALLBACK: dict[str, Any] = {
    "BARRIER": 7, "BARRIER_COMPL": 7006, "BARRIER_DUALINF": 7005, "BARRIER_DUALOBJ": 7003, "BARRIER_ITRCNT": 7001,
    "BARRIER_PRIMINF": 7004, "BARRIER_PRIMOBJ": 7002, "IIS": 9, "IIS_BOUNDGUESS": 9006, "IIS_BOUNDMAX": 9005,
    "IIS_BOUNDMIN": 9004, "IIS_CONSTRGUESS": 9003, "IIS_CONSTRMAX": 9002, "IIS_CONSTRMIN": 9001, "MAXMEMUSED": 6005,
    "MEMUSED": 6004, "MESSAGE": 6, "MIP": 3, "MIPNODE": 5, "MIPNODE_BRVAR": 5007, "MIPNODE_NODCNT": 5005,
    "MIPNODE_OBJBND": 5004, "MIPNODE_OBJBST": 5003, "MIPNODE_OPENSCENARIOS": 5008, "MIPNODE_PHASE": 5009,
    "MIPNODE_REL": 5002, "MIPNODE_SOLCNT": 5006, "MIPNODE_STATUS": 5001, "MIPSOL": 4, "MIPSOL_NODCNT": 4005,
    "MIPSOL_OBJ": 4002, "MIPSOL_OBJBND": 4004, "MIPSOL_OBJBST": 4003, "MIPSOL_OPENSCENARIOS": 4007,
    "MIPSOL_PHASE": 4008, "MIPSOL_SOL": 4001, "MIPSOL_SOLCNT": 4006, "MIP_CUTCNT": 3004, "MIP_ITRCNT": 3006,
    "MIP_NODCNT": 3002, "MIP_NODLFT": 3005, "MIP_OBJBND": 3001, "MIP_OBJBST": 3000, "MIP_OPENSCENARIOS": 3007,
    "MIP_PHASE": 3008, "MIP_SOLCNT": 3003, "MSG_STRING": 6001, "MULTIOBJ": 8, "MULTIOBJ_ITRCNT": 8004,
    "MULTIOBJ_MIPGAP": 8008, "MULTIOBJ_NODCNT": 8009, "MULTIOBJ_NODLFT": 8010, "MULTIOBJ_OBJBND": 8006,
    "MULTIOBJ_OBJBST": 8005, "MULTIOBJ_OBJCNT": 8001, "MULTIOBJ_RUNTIME": 8011, "MULTIOBJ_SOL": 8003,
    "MULTIOBJ_SOLCNT": 8002, "MULTIOBJ_STATUS": 8007, "MULTIOBJ_WORK": 8012, "NLBAR": 11, "NLBAR_COMPL": 11005,
    "NLBAR_DUALINF": 11004, "NLBAR_ITRCNT": 11001, "NLBAR_PRIMINF": 11003, "NLBAR_PRIMOBJ": 11002, "PDHG": 10,
    "PDHG_COMPL": 10006, "PDHG_DUALINF": 10005, "PDHG_DUALOBJ": 10003, "PDHG_ITRCNT": 10001, "PDHG_PRIMINF": 10004,
    "PDHG_PRIMOBJ": 10002, "POLLING": 0, "PRESOLVE": 1, "PRE_BNDCHG": 1003, "PRE_COECHG": 1004, "PRE_COLDEL": 1000,
    "PRE_ROWDEL": 1001, "PRE_SENCHG": 1002, "RUNTIME": 6002, "SIMPLEX": 2, "SPX_DUALINF": 2003, "SPX_ISPERT": 2004,
    "SPX_ITRCNT": 2000, "SPX_OBJVAL": 2001, "SPX_PRIMINF": 2002, "WORK": 6003,
}  # fmt: skip
"""Codes of callbacks; callbacks themselves are refused."""

ATTRIBUTES = (
    "BarIterCount", "BarPi", "BarStatus", "BarX", "BatchErrorCode", "BatchErrorMessage", "BatchID", "BatchStatus",
    "BoundSVio", "BoundSVioIndex", "BoundSVioSum", "BoundVio", "BoundVioIndex", "BoundVioSum", "BranchPriority",
    "CBasis", "CTag", "ComplVio", "ComplVioIndex", "ComplVioSum", "ConcurrentWinMethod", "ConstrName",
    "ConstrResidual", "ConstrResidualIndex", "ConstrResidualSum", "ConstrSResidual", "ConstrSResidualIndex",
    "ConstrSResidualSum", "ConstrSVio", "ConstrSVioIndex", "ConstrSVioSum", "ConstrVio", "ConstrVioIndex",
    "ConstrVioSum", "DNumNZs", "DStart", "DualResidual", "DualResidualIndex", "DualResidualSum", "DualSResidual",
    "DualSResidualIndex", "DualSResidualSum", "DualSVio", "DualSVioIndex", "DualSVioSum", "DualVio", "DualVioIndex",
    "DualVioSum", "FarkasDual", "FarkasProof", "Fingerprint", "FuncNonlinear", "FuncPieceError", "FuncPieceLength",
    "FuncPieceRatio", "FuncPieces", "GenConstrName", "GenConstrType", "IISConstr", "IISConstrForce", "IISGenConstr",
    "IISGenConstrForce", "IISLB", "IISLBForce", "IISMinimal", "IISQConstr", "IISQConstrForce", "IISSOS",
    "IISSOSForce", "IISUB", "IISUBForce", "IntVio", "IntVioIndex", "IntVioSum", "IsMIP", "IsMultiObj", "IsQCP",
    "IsQP", "IterCount", "Kappa", "KappaExact", "LB", "Lazy", "LicenseExpiration", "MIPGap", "MaxBound", "MaxCoeff",
    "MaxMemUsed", "MaxObjCoeff", "MaxQCCoeff", "MaxQCLCoeff", "MaxQCRHS", "MaxQObjCoeff", "MaxRHS", "MaxVio",
    "MemUsed", "MinBound", "MinCoeff", "MinObjCoeff", "MinQCCoeff", "MinQCLCoeff", "MinQCRHS", "MinQObjCoeff",
    "MinRHS", "ModelName", "ModelSense", "NLBarIterCount", "NodeCount", "NumBinVars", "NumConstrs", "NumGenConstrs",
    "NumIntVars", "NumNZs", "NumObj", "NumObjPasses", "NumPWLObjVars", "NumQCNZs", "NumQConstrs", "NumQNZs",
    "NumSOS", "NumScenarios", "NumStart", "NumVars", "Obj", "ObjBound", "ObjBoundC", "ObjCon", "ObjN", "ObjNAbsTol",
    "ObjNCon", "ObjNName", "ObjNPass", "ObjNPriority", "ObjNRelTol", "ObjNVal", "ObjNWeight", "ObjPassNIterCount",
    "ObjPassNMIPGap", "ObjPassNNodeCount", "ObjPassNObjBound", "ObjPassNObjVal", "ObjPassNOpenNodeCount",
    "ObjPassNRuntime", "ObjPassNStatus", "ObjPassNWork", "ObjVal", "PDHGIterCount", "PStart", "PWLObjCvx",
    "Partition", "Pi", "PoolIgnore", "PoolNBoundVio", "PoolNBoundVioIndex", "PoolNBoundVioSum", "PoolNConstrVio",
    "PoolNConstrVioIndex", "PoolNConstrVioSum", "PoolNIntVio", "PoolNIntVioIndex", "PoolNIntVioSum", "PoolNMaxVio",
    "PoolNObjVal", "PoolNX", "PoolObjBound", "PoolObjVal", "PreFixVal", "QCName", "QCPi", "QCRHS", "QCSense",
    "QCSlack", "QCTag", "RC", "RHS", "Runtime", "SALBLow", "SALBUp", "SAObjLow", "SAObjUp", "SARHSLow", "SARHSUp",
    "SAUBLow", "SAUBUp", "ScenNLB", "ScenNName", "ScenNObj", "ScenNObjBound", "ScenNObjVal", "ScenNRHS", "ScenNUB",
    "ScenNX", "Sense", "Slack", "SolCount", "Start", "Status", "TuneResultCount", "UB", "UnbdRay", "VBasis", "VTag",
    "VType", "VarHintPri", "VarHintVal", "VarName", "VarPreStat", "Work", "X", "Xn",
)  # fmt: skip
"""The names of all attributes."""


class Names:
    """A class of constants such as `GRB.Attr`: read-only, with an error that names what is missing."""

    def __init__(self, title: str, values: dict[str, Any]) -> None:
        self.__dict__.update(values)
        self.__dict__["_title"] = title

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'{self.__dict__['_title']}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"'{self.__dict__['_title']}' object attribute '{name}' is read-only")


class GRB:
    """All constants."""

    Attr = attr = Names("AttrConstClass", {name: name for name in ATTRIBUTES})
    Param = param = Names("ParamConstClass", {name: name for name in PARAMETERS})
    Status = status = Names("StatusConstClass", STATUS)
    Error = error = Names("ErrorConstClass", ERROR)
    Callback = callback = Names("CallbackConstClass", CALLBACK)


for _name, _value in [*CONSTANTS.items(), *STATUS.items(), *((f"ERROR_{k}", v) for k, v in ERROR.items()),
                      ("ERROR_SECURITY", 10032)]:  # fmt: skip
    setattr(GRB, _name, _value)
